package dev.ortune.trainer.data.builtin;

import java.util.List;

/** The verb and its auxiliaries: negation, forms after auxiliaries, passives, complements of verbs. */
final class Verbs {
    private Verbs() {}

    static List<Phenomenon> phenomena() {
        return List.of(negation(), auxiliaryForms(), passives(), complements());
    }

    private static Phenomenon negation() {
        return new Phenomenon("negation")
                .train("they [do not|(no|not)] {vt} the {vt.objects} .")
                .train("the {person.pl} [do not|(no|not)] {vi} (at night|in the {place}) .")
                .train("{name} [does not {vt}|(no|not) {vt.s}] the {vt.objects} .")
                .train("(i|you) [do not|(no|not)] {like} {food.pl} .")
                .train("{name} did not [{vt}|{vt.past}] the {vt.object} .")
                .train("the {person} does not [{vi}|{vi.s}] (at night|in the {place}) .")
                .train("the {person.pl} [do not {vi}|{vi} not] (at night|in the {place}) .")
                .train("(he|she|{name}) [is not|(not is|no is|no)] {adj} (today|now|) .")
                .train("(he|she|the {person}) [does not|do not] {vi} in the {place} .")
                .train("{name} [will not|(not will|no will)] {vt} the {vt.object} .")
                .validation("my {mine} [does not|(no|not)] {like} {food.pl} .")
                .validation("{name} [can not|(not can|no can)] {act} in the {place} .")
                .test("we [do not|(no|not)] {motion} to the {town} (every day|at night|) .")
                .test("she [does not|no] {vt} (the|our) {vt.objects} .")
                .test("the {person} did not [{motion}|{motion.past}] to the {town} .");
    }

    private static Phenomenon auxiliaryForms() {
        return new Phenomenon("auxiliary_forms")
                .train("{name} has [{irr.part}|{irr.past}] the {irr.object} .")
                .train(
                        "the {person} has [gone|went] to the {town} .",
                        "the {person.pl} have [gone|went] to the {town} .")
                .train("the {person} is [{act.ing}|{act}] in the {place} .")
                .train("{name} will [{vt}|({vt.past}|{vt.s})] the {vt.object} (tomorrow|soon|) .")
                .train("(my {mine}|{name}) can [{act}|({act.s}|to {act})] in the {place} .")
                .train("the {person.pl} could [{vt}|({vt.ing}|{vt.past})] the {vt.object} .")
                .train("the {person} must have [{irr.part}|{irr.past}] the {irr.objects} .")
                .train("the {person.pl} have been [{act.ing}|{act}] (all day|all night|since monday) .")
                .train("(you|we|they) must [{vt}|(to {vt}|{vt.past})] the {vt.object} .")
                .train("the {person} was [{vt.ing}|{vt}] the {vt.object} .")
                .train("yesterday {name} [{irr.past}|{irr.part}] the {irr.object} .")
                .train("the {person} might [{vt}|({vt.ing}|{vt.past})] the {vt.object} .")
                .train("{name} could [{act}|({act.ing}|{act.past})] in the {place} .")
                .train("(he|she) could have [{irr.part}|{irr.past}] the {irr.object} .")
                .train("they were [{act.ing}|{act}] in the {place} (yesterday|) .")
                .train("you should not have [{irr.part}|{irr.past}] the {irr.object} .")
                .validation("the {person} may [{vt}|{vt.past}] the {vt.object} (tomorrow|) .")
                .validation("{name} had [{irr.part}|{irr.past}] the {irr.object} before .")
                .test("the {person.pl} might [{act}|({act.ing}|{act.past})] in the {place} .")
                .test("{name} should have [{irr.part}|{irr.past}] the {irr.object} .")
                .test("we were [{vt.ing}|{vt}] the {vt.objects} (yesterday|) .");
    }

    private static Phenomenon passives() {
        return new Phenomenon("passives")
                .train("the {vt.object} was [{vt.part}|{vt}] by (the {person}|{name}) .")
                .train("the {irr.object} was [{irr.part}|{irr.past}] by {name} .")
                .train("the {person} was {help.part} [by|] (the {person2}|{name}) .")
                .train("the {person} was [{help.part}|{strict.part}] by (the {person2}|{name}) .")
                .train("the {vt.objects} were {vt.part} [|the {person}] by {name} .")
                .train("the {vt.object} [was|(did|has)] {vt.part} by (the {person}|{name}) .")
                .train("was the {vt.object} [{vt.part}|{vt}] by (the {person}|{name}) ?")
                .train("the {vt.object} (must|can) be [{vt.part}|({vt}|{vt.ing})] by {name} .")
                .train("{name} was [being|been] {help.part} by the {person} .")
                .train("the {vt.objects} were being [{vt.part}|{vt.ing}] by the {person} .")
                .train("the {vt.object} can be [{vt.part}|{vt}] (tomorrow|soon|today) .")
                .train("was the {vt.object} [{vt.part}|{vt}] by the {person} ?")
                .train("(he|she|{name}) was [{help.part}|{strict.part}] by {name2} .")
                .train("the {vt.objects} have to be [{vt.part}|{vt}] .")
                .validation("the {irr.objects} have been [{irr.part}|({irr}|{irr.past})] by {name} .")
                .test("the {vt.objects} will be [{vt.part}|{vt}] by the {person} .")
                .test("were the {vt.objects} [{vt.part}|{vt}] by {name} ?")
                .test("they were [{help.part}|{strict.part}] by the {person} .");
    }

    private static Phenomenon complements() {
        return new Phenomenon("verb_complements")
                .train("{name} {toverb.past} [to {vt}|{vt.ing}] the {vt.object} (yesterday|) .")
                .train("the {person} {toverb.past} [to {vt}|{vt}] the {vt.object} (yesterday|) .")
                .train("{name} {ingverb.past} [{act.ing}|to {act}] (yesterday|in the {place}|) .")
                .train("the {person} made {name} [{act}|(to {act}|{act.ing})] (in the {place}|) .")
                .train("{name} let the {person} [{act}|(to {act}|{act.ing})] (in the {place}|) .")
                .train("{name} told the {person} [to {act}|({act.ing}|{act})] (in the {place}|) .")
                .train("{name} (said|thought) that the {person} [{vi.past}|(to {vi}|{vi.ing})] .")
                .train("it is (hard|easy) [to {vt}|{vt}] {vt.objects} .")
                .train("they may {toverb} [to {vt}|({vt}|{vt.ing})] the {vt.objects} .")
                .train("the {person} {ingverb.past} [{vt.ing}|to {vt}] the {vt.object} .")
                .train("they made {name} [{vt}|(to {vt}|{vt.ing})] the {vt.object} .")
                .validation("the {person} asked {name} [to {vt}|{vt.ing}] the {vt.object} .")
                .test("my {mine} has {toverb.part} [to {vt}|({vt}|{vt.ing})] the {vt.object} .")
                .test("we {ingverb.past} [{vt.ing}|to {vt}] the {vt.objects} .")
                .test("{name} made the {person.pl} [{vt}|to {vt}] the {vt.object} .");
    }
}
