package dev.ortune.trainer.data.builtin;

import java.util.List;

/** Agreement in number and gender: of verbs, determiners and reflexives. */
final class Agreement {
    private Agreement() {}

    static List<Phenomenon> phenomena() {
        return List.of(subjectVerb(), determinerNoun(), reflexives());
    }

    private static Phenomenon subjectVerb() {
        return new Phenomenon("subject_verb_agreement")
                .train("the {person} [is|are] {adj} (today|now|) .", "the {person.pl} [are|is] {adj} (today|now|) .")
                .train(
                        "the {person} [{vi.s}|{vi}] (every day|at night|in the {place}) .",
                        "the {person.pl} [{vi}|{vi.s}] (every day|at night|in the {place}) .")
                .train(
                        "the {person} [has|have] {vt.part} the {vt.object} .",
                        "the {person.pl} [have|has] {vt.part} the {vt.object} .")
                .train(
                        "(he|she|{name}) [{vt.s}|{vt}] {vt.objects} (every week|on mondays) .",
                        "(they|we|you) [{vt}|{vt.s}] {vt.objects} (every week|on mondays) .")
                .train(
                        "the {person} (behind|near|next to) the {person2.pl} [is|are] {adj} .",
                        "the {person.pl} (behind|near|next to) the {person2} [are|is] {adj} .")
                .train(
                        "the {thing} on the {furniture.pl} [is|are] {color} .",
                        "the {thing.pl} on the {furniture} [are|is] {color} .")
                .train(
                        "the {person} who the {person2.pl} {help.past} [was|were] {adj} .",
                        "the {person.pl} who the {person2} {help.past} [were|was] {adj} .")
                .train(
                        "the {animal} [was|were] in the {outdoors} (yesterday|last night|) .",
                        "the {animal.pl} [were|was] in the {outdoors} (yesterday|last night|) .")
                .train(
                        "the {person} with the {clothes.pl} [is|are] {adj} .",
                        "the {person.pl} with the {clothes} [are|is] {adj} .")
                .train(
                        "the {person} who {help.past} {name} [is|are] {adj} .",
                        "the {person.pl} who {help.past} {name} [are|is] {adj} .")
                .train(
                        "the {person} from the {town} [was|were] {adj} (yesterday|) .",
                        "the {person.pl} from the {town} [were|was] {adj} (yesterday|) .")
                .train(
                        "the {person} who {vi.past} in the {place} [{vi2.s}|{vi2}] every day .",
                        "the {person.pl} who {vi.past} in the {place} [{vi2}|{vi2.s}] every day .")
                .train(
                        "the {person} in the {place} [{vt.s}|{vt}] {vt.objects} .",
                        "the {person.pl} in the {place} [{vt}|{vt.s}] {vt.objects} .")
                .train("{name} and {name2} [{vi}|{vi.s}] (every day|at night|in the {place}) .")
                .train(
                        "the {person} who {vi.past} (yesterday|) [is|are] {adj} .",
                        "the {person.pl} who {vi.past} (yesterday|) [are|is] {adj} .")
                .validation("the {person} and the {person2} [are|is] {adj} .", "{name} and {name2} [were|was] {adj} .")
                .test(
                        "the {person} who {help.past} the {person2.pl} [is|are] {adj} .",
                        "the {person.pl} who {help.past} the {person2} [are|is] {adj} .")
                .test(
                        "the {person} from the {town} [{vi.s}|{vi}] every day .",
                        "the {person.pl} from the {town} [{vi}|{vi.s}] every day .")
                .test(
                        "the {person} with the {thing.pl} [was|were] {adj} .",
                        "the {person.pl} with the {thing} [were|was] {adj} .");
    }

    private static Phenomenon determinerNoun() {
        return new Phenomenon("determiner_noun_agreement")
                .train(
                        "{name} {vt.past} [this|these] {vt.object} (yesterday|last week|) .",
                        "{name} {vt.past} [these|this] {vt.objects} (yesterday|last week|) .")
                .train(
                        "[that|those] {person} {vi.past} in the {place} .",
                        "[those|that] {person.pl} {vi.past} in the {place} .")
                .train(
                        "[this|these] {thing} fell (yesterday|again|in the {room}) .",
                        "[these|this] {thing.pl} fell (yesterday|again|in the {room}) .")
                .train("another [{job}|{job.pl}] {vi.past} (yesterday|in the {place}) .")
                .train("(every|each) [{person}|{person.pl}] {vi.past} (yesterday|in the {place}) .")
                .train("(many|two|several|three) [{person.pl}|{person}] {vi.past} (last night|in the {place}) .")
                .train("{name} {dat.past} {name2} a [{dat.object}|{dat.objects}] .")
                .train(
                        "there is too [much|many] {mass} (in the kitchen|in the house|on the table) .",
                        "there are too [many|much] {thing.pl} in the {place} .")
                .train(
                        "how [much|many] {mass} did {name} (need|want|buy) ?",
                        "how [many|much] {thing.pl} did {name} (need|want|buy) ?")
                .train(
                        "the {person} {vt.past} [one|two] {vt.object} .",
                        "the {person} {vt.past} [(two|three|some)|one] {vt.objects} .")
                .train("the {person} {vt.past} another [{vt.object}|{vt.objects}] .")
                .train("we {vt.past} (a few|five|six) [{vt.objects}|{vt.object}] .")
                .train(
                        "there was so [much|many] {mass} in the {room} .",
                        "there were so [many|much] {animal.pl} in the {outdoors} .")
                .train(
                        "[this|these] {person} {vi.past} (yesterday|in the {place}) .",
                        "[these|this] {person.pl} {vi.past} (yesterday|in the {place}) .")
                .train("[that|those] {person} {help.past} {name} .", "[those|that] {person.pl} {help.past} {name} .")
                .validation(
                        "{name} {vt.past} [that|those] {look} {vt.object} .",
                        "{name} {vt.past} [those|that] {look} {vt.objects} .")
                .test("[this|these] {person} {help.past} {name} .", "[these|this] {person.pl} {help.past} {name} .")
                .test(
                        "{name} saw (a few|four|ten) [{animal.pl}|{animal}] in the {outdoors} .",
                        "{name} saw another [{animal}|{animal.pl}] in the {outdoors} .")
                .test("we bought so [much|many] {mass} (yesterday|) .", "we bought so [many|much] {thing.pl} .");
    }

    private static Phenomenon reflexives() {
        return new Phenomenon("reflexives")
                .train(
                        "the {male} {refl.past} [himself|(herself|themselves)] (yesterday|in the {place}|) .",
                        "the {female} {refl.past} [herself|(himself|themselves)] (yesterday|in the {place}|) .",
                        "the {person.pl} {refl.past} [themselves|(himself|herself)] (yesterday|in the {place}|) .")
                .train(
                        "{mname} {refl.past} [himself|herself] (again|last night|) .",
                        "{fname} {refl.past} [herself|himself] (again|last night|) .")
                .train(
                        "i {refl.past} [myself|(yourself|himself|ourselves)] (again|yesterday|) .",
                        "we {refl.past} [ourselves|(themselves|myself)] (again|yesterday|) .",
                        "they {refl.past} [themselves|(ourselves|himself)] (again|yesterday|) .")
                .train(
                        "{fname} 's {brother} {refl.past} [himself|herself] .",
                        "{mname} 's {sister} {refl.past} [herself|himself] .")
                .train(
                        "[he|himself] {refl.past} the {person} (yesterday|) .",
                        "[she|herself] {refl.past} the {person} (yesterday|) .",
                        "[they|themselves] {refl.past} the {person} (yesterday|) .")
                .train("{mname} and {fname} {refl.past} [themselves|(himself|herself)] .")
                .train(
                        "the {male} wanted to {refl} [himself|herself] .",
                        "the {female} wanted to {refl} [herself|himself] .")
                .train(
                        "{fname} said that {mname} had {refl.part} [himself|herself] .",
                        "{mname} said that {fname} had {refl.part} [herself|himself] .")
                .train(
                        "the {male} who {vi.past} {refl.past} [himself|herself] .",
                        "the {female} who {vi.past} {refl.past} [herself|himself] .")
                .train(
                        "the {male} who {help.past} the {female} {refl.past} [himself|herself] .",
                        "the {female} who {help.past} the {male} {refl.past} [herself|himself] .")
                .train(
                        "{name} knows that the {male} {refl.past} [himself|herself] .",
                        "{name} knows that the {female} {refl.past} [herself|himself] .")
                .train(
                        "the {male} (may|might) {refl} [himself|(herself|themselves)] .",
                        "the {person.pl} (may|might) {refl} [themselves|(himself|herself)] .")
                .validation(
                        "the {male} near the {female} {refl.past} [himself|herself] .",
                        "the {female} near the {male} {refl.past} [herself|himself] .")
                .test(
                        "{fname} thinks that the {male} {refl.past} [himself|herself] .",
                        "{mname} thinks that the {female} {refl.past} [herself|himself] .")
                .test(
                        "the {female} from the {town} {refl.past} [herself|himself] .",
                        "the {male} from the {town} {refl.past} [himself|herself] .")
                .test(
                        "the {person.pl} (can|will|should) {refl} [themselves|(himself|herself)] .",
                        "the {female} (can|will|should) {refl} [herself|himself] .");
    }
}
