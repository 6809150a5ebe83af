package dev.ortune.trainer.data.builtin;

import java.util.List;

/** The clause as a whole: word order, coordination, comparison, existential there. */
final class Clauses {
    private Clauses() {}

    static List<Phenomenon> phenomena() {
        return List.of(wordOrder(), coordination(), comparison(), existentialThere());
    }

    private static Phenomenon wordOrder() {
        return new Phenomenon("word_order")
                .train("{name} {vt.past} [the {vt.object}|{vt.object} the] (yesterday|) .")
                .train("the {person} [{vt.past} the {vt.object}|the {vt.object} {vt.past}] .")
                .train("{name} {vt.past} the [{look} {vt.object}|{vt.object} {look}] .")
                .train("(he|she|{name}) is [very {adj}|{adj} very] (today|now|) .")
                .train("the {person} {vi.past} [in the {place}|the {place} in] (yesterday|) .")
                .train("{name} [has been|been has] {act.ing} (all day|all night|since monday) .")
                .train("the {person} [will have|have will] {vt.part} the {vt.object} .")
                .train("{name} {vt.past} [{name2} 's {vt.object}|{vt.object} {name2} 's] .")
                .train(
                        "(he|she|{name}) (picked|held|lifted|dug) [(it|them) up|up (it|them)] (again|) .",
                        "(he|she|{name}) (threw|gave|took) [(it|them) away|away (it|them)] (again|) .")
                .train("the [two {look} {animal.pl}|{look} two {animal.pl}] slept in the {outdoors} .")
                .train("{name} [{vt.past} a {vt.object}|a {vt.object} {vt.past}] (yesterday|) .")
                .train("[the {look}|{look} the] {animal} {vi.past} in the {outdoors} .")
                .train("the {person} (slept|sat) [under the {furniture}|the {furniture} under] .")
                .validation("the {person} {vt.past} [all the|the all] {vt.objects} .")
                .validation("{name} is (old|strong|brave|clever) [enough to {act}|to {act} enough] .")
                .test("[the {adj}|{adj} the] {person} {vt.past} the {vt.object} .")
                .test("{name} hid the {thing} [under the {furniture}|the {furniture} under] .")
                .test("my {mine} [{vt.past} a {vt.object}|a {vt.object} {vt.past}] (yesterday|last week) .");
    }

    private static Phenomenon coordination() {
        return new Phenomenon("coordination")
                .train("both {name} [and|or] {name2} {vi.past} (yesterday|in the {place}) .")
                .train("either {name} [or|and] {name2} {vt.past} the {vt.object} .")
                .train("neither {name} [nor|and] {name2} {vi.past} (yesterday|in the {place}) .")
                .train("(my {mine}|{name}) either {vi.past} [or|and] {vi2.past} (yesterday|in the {place}|) .")
                .train("{name} (found|lost|cleaned) both the {thing} [and|or] the {thing2} (yesterday|) .")
                .train("they {vi.past} and [{vi2.past}|({vi2.s}|{vi2.ing})] (yesterday|in the {place}|) .")
                .train("{name} {vi.past} and [{vi2.past}|{vi2}] (yesterday|in the {place}|) .")
                .train("the {person} is {adj} and [{adj2}|{adv}] .")
                .train("{name} is {act.ing} and [{act2.ing}|({act2}|{act2.past})] (now|today|in the {place}|) .")
                .train("{name} can {act} and [{act2}|{act2.ing}] .")
                .train("the {person} [and|but] the {person2} {vi.past} (yesterday|in the {place}) .")
                .train("{name} {vi.past} [and {vi2.past}|{vi2.past} and] .")
                .train("the {person} can either {act} [or|and] {act2} .")
                .train("the {person} {help.past} both {name} [and|or] {name2} .")
                .train("we {act.past} and [{act2.past}|({act2.ing}|{act2.s})] (yesterday|) .")
                .train("{name} wants either the {thing} [or|and] the {thing2} .")
                .train("both the {person} [and|or] the {person2} are {adj} .")
                .validation("the {person.pl} were {act.ing} and [{act2.ing}|{act2}] .")
                .test("the {person} will either {act} [or|and] {act2} .")
                .test("we bought both a {thing} [and|or] a {thing2} .")
                .test("the {person.pl} {act.past} and [{act2.past}|({act2.ing}|{act2.s})] in the {place} .");
    }

    private static Phenomenon comparison() {
        return new Phenomenon("comparison")
                .train("(he|she|my {mine}|{name}) is [{short.er}|more {short.er}] than (the {person}|{name2}) .")
                .train("{name} is {short.er} [than|(as|that)] (the {person}|{name2}) .")
                .train("{name} is as {short} [as|(than|like)] (the {person}|{name2}) .")
                .train("the {person} is as [{short}|{short.er}] as (the {person2}|{name}) .")
                .train("the {person} is [more {long}|{long.er}] than (the {person2}|{name}) .")
                .train("{name} is the [{short.est}|most {short.est}] {job} in the {place} .")
                .train(
                        "{name} was the [most {long}|{long.est}] of all the {job.pl} .",
                        "my {mine} is the [most {long}|{long.est}] {job} in the {place} .")
                .train("no {job} is [{short.er}|(more {short.er}|{short})] than {name} .")
                .train("{name} is the [{short.est}|{short.er}] of all the {job.pl} .")
                .train("(my {mine}|the {person}) is (more|less) {long} [than|as] (the {person2}|{name}) .")
                .train("(he|she|my {mine}|the {person}) is [{short.er}|{short}] than (the {person2}|{name}) .")
                .train("(he|she|{name}) is less {long} [than|as] the {person} .")
                .train("(he|she|{name}) is the [most {long}|{long.est}] {job} in the {place} .")
                .train("they are the [most {long}|{long.est}] {job.pl} of all .")
                .train("who is [{short.er}|(more {short.er}|{short})] than the {person} ?")
                .validation("{name} is not as {short} [as|than] (the {person}|{name2}) .")
                .validation("the {person} was much [{short.er}|more {short.er}] than {name} .")
                .test("the {person} was never (more|less) {long} [than|as] {name} .")
                .test("nobody is [{short.er}|(more {short.er}|{short})] than (the {person}|{name}) .")
                .test("who is the [most {long}|{long.est}] person in the {place} ?");
    }

    private static Phenomenon existentialThere() {
        return new Phenomenon("existential_there")
                .train(
                        "there [is|are] a {animal} in the {outdoors} .",
                        "there [are|is] (two|three|many) {animal.pl} in the {outdoors} .")
                .train("there (was|is) [a|(every|each)] {person} in the {place} .")
                .train("there (are|were) [(many|some|two)|(all|most)] {person.pl} (in|near) the {place} .")
                .train(
                        "there [is|are] no {animal} (in|near) the {outdoors} .",
                        "there [are|is] no {animal.pl} (in|near) the {outdoors} .")
                .train("is there [a|(every|each)] {animal} in the {outdoors} ?")
                .train("[there|] (are|were) (two|three|many|no) {job.pl} in the {place} .")
                .train("[there|] (is|was) a {animal} (in|near) the {outdoors} .")
                .train("there [was a {person} {vt.ing}|{vt.past} a {person}] the {vt.object} .")
                .train("there (seems|appears) to [be|is] a {thing} on the {furniture} .")
                .train("there [is|has] a {thing} (on|under) the {furniture} .")
                .train("there [is|are] a {color} {thing} on the {furniture} .")
                .train("there [were|was] no {person.pl} (in|near) the {place} .")
                .train(
                        "there [was|were] a {person} near the {place} (yesterday|) .",
                        "there [were|was] (some|four|several) {person.pl} near the {place} (yesterday|) .")
                .train("was there [a|every] {animal} in the {outdoors} ?")
                .train("[there|] was no {thing} on the {furniture} .")
                .train(
                        "there [were|was] (five|six) {animal.pl} behind the {outdoors} .",
                        "there [was|were] an old {animal} behind the {outdoors} .")
                .validation(
                        "on the {furniture} there [is|are] a {thing} .",
                        "on the {furniture} there [are|is] (two|three) {thing.pl} .")
                .test(
                        "there [were|was] (four|several|some) {person.pl} behind the {place} .",
                        "there [was|were] a {person} behind the {place} .")
                .test("was there [a|(every|each)] {person} (near|behind) the {place} ?")
                .test("[there|] were no {animal.pl} in the {outdoors} .");
    }
}
