package dev.ortune.trainer.data.builtin;

import java.util.List;

/** What moves to the front: questions, gaps and the islands that nothing may leave. */
final class Movement {
    private Movement() {}

    static List<Phenomenon> phenomena() {
        return List.of(questions(), gaps(), islands());
    }

    private static Phenomenon questions() {
        return new Phenomenon("questions")
                .train("[does|do] {name} {like} {food.pl} ?", "[do|does] the {person.pl} {like} {food.pl} ?")
                .train("did the {person} [{vt}|{vt.past}] the {vt.object} (yesterday|) ?")
                .train("[did {name} {vt}|{vt.past} {name}] the {vt.object} ?")
                .train("have the {person.pl} [{vt.part}|{vt}] the {vt.object} ?")
                .train(
                        "where did {name} [{vt}|{vt.past}] the {vt.object} ?",
                        "where [did {name} {vt}|{name} {vt.past}] the {vt.object} ?")
                .train("when [did the {person}|the {person} did] leave the {place} ?")
                .train(
                        "when [did {name} {vi}|{name} {vi.past}] ?",
                        "why [did the {person} {vi}|the {person} {vi.past}] (yesterday|) ?",
                        "where [will the {person}|the {person} will] {act} (tomorrow|) ?")
                .train("has the {person} [{vi.part}|{vi}] (today|in the {place}) ?")
                .train("what [has {name}|{name} has] {vt.part} ?")
                .train("[is the {person}|the is {person}] {adj} (today|now|) ?")
                .train("[can|does can] the {person} {act} (in the {place}|) ?")
                .train("is the {person} who [is {adj}|{adj} is] {adj2} ?")
                .train("why [did the {person}|the {person} did] {vi} ?")
                .train("how [did {name} {vt}|{name} {vt.past}] the {vt.object} ?")
                .train("have they [{vt.part}|{vt}] the {vt.object} ?")
                .train("has the {person} [{irr.part}|{irr}] the {irr.object} ?")
                .train("where [will {name}|{name} will] {act} (tomorrow|) ?")
                .train("when [can the {person}|the {person} can] {motion} to the {town} ?")
                .validation("who [did {name} {help}|{name} {help.past}] (yesterday|in the {place}) ?")
                .validation("[are|is] the {person.pl} {adj} (today|now|) ?")
                .test("why [did {name} {vt}|{name} {vt.past}] the {vt.object} ?")
                .test("has my {mine} [{vt.part}|{vt}] the {vt.object} ?")
                .test("when [will {name}|{name} will] {motion} to the {town} ?");
    }

    private static Phenomenon gaps() {
        return new Phenomenon("filler_gap")
                .train("what did {name} {vt} [|the {vt.object}] (yesterday|) ?")
                .train("who did the {person} {help} [|{name}] (yesterday|last week|) ?")
                .train("i know what {name} {vt.past} [|the {vt.object}] (yesterday|) .")
                .train("i know [that|what] {name} {vt.past} the {vt.object} .")
                .train(
                        "the {vt.object} that {name} {vt.past} [|it] was {look} .",
                        "the {vt.objects} that {name} {vt.past} [|them] were {look} .")
                .train("the {person} who {name} {help.past} [|(him|her)] was {adj} .")
                .train("the {person} who [|(she|he)] {vt.past} the {vt.object} is {adj} .")
                .train("{name} knows [that|who] the {person} {vi.past} (yesterday|in the {place}|) .")
                .train("who [|the {person}] {vt.past} the {vt.object} ?")
                .train("i know [what|that] {name} {needy.past} .")
                .train("{name} remembers what the {person} {vt.past} [|the {vt.object}] .")
                .train("they know [that|who] the {person} {help.past} {name} .")
                .train("the {animal.pl} that {name} (saw|chased|fed) [|them] were {color} .")
                .train("we forgot [that|what] {name} {vt.past} the {vt.object} .")
                .validation("this is the {person} who {name} {help.past} [|(him|her)] .")
                .validation("which {vt.object} did the {person} {vt} [|it] ?")
                .test("{name} forgot what the {person} {vt.past} [|the {vt.object}] .")
                .test("the {person.pl} who {name} {help.past} [|them] were {adj} .")
                .test("we know [that|who] {name} {help.past} the {person} .");
    }

    private static Phenomenon islands() {
        return new Phenomenon("islands")
                .train("[did|what did] {name} {help} the {person} who {vt.past} [the {vt.object}|] ?")
                .train("what did {name} [say the {person}|{help} the {person} who] {vt.past} ?")
                .train("[did|what did] {name} {vi} (before|after|because) {name2} {vt.past} [the {vt.object}|] ?")
                .train("which {vt.object} did {name} [say {name2}|{help} the {person} who] {vt.past} ?")
                .train("what did {name} [say that {name2}|ask who] {vt.past} ?")
                .train("what did {name} {vt} [|the {vt.object} and] ?")
                .train("(whose|which) [{vt.object} did {name} {vt}|did {name} {vt} {vt.object}] ?")
                .train("what did {name} hear [|the (claim|rumor)] that the {person} {vt.past} ?")
                .train("what did {name} [say she|{vi} because she] {vt.past} ?")
                .validation("[did|who did] the {person} {vi} (before|after) {name} {help.past} [{name2}|] ?")
                .test("which {vt.object} did {name} [think|{vi} because] the {person} {vt.past} ?")
                .test("what did the {person} [think that {name}|{help} the {person2} who] {vt.past} ?")
                .test("what will {name} {vt} [|the {vt.object} and] (tomorrow|) ?");
    }
}
