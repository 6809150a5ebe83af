package dev.ortune.trainer.data.builtin;

import java.util.List;

/** What a verb may have beside it: objects, second objects, and pronouns in their cases. */
final class Arguments {
    private Arguments() {}

    static List<Phenomenon> phenomena() {
        return List.of(transitivity(), datives(), pronounCase());
    }

    private static Phenomenon transitivity() {
        return new Phenomenon("transitivity")
                .train("the {person} [{vt.past}|{strict.past}] the {vt.object} (yesterday|) .")
                .train("the {person} {needy.past} [the {needy.object}|] (yesterday|last week|) .")
                .train("{name} [{strict.past}|{needy.past}] in the {place} .")
                .train("{name} put the {thing} [(on|under) the {furniture}|] .")
                .train(
                        "the {person} (listened|talked) [to|] {name} (yesterday|) .",
                        "the {person} (waited|looked) [for|] {name} (yesterday|) .",
                        "the {person} (laughed|looked) [at|] {name} (yesterday|) .")
                .train("{name} {strict.past} [|the {person}] (yesterday|last week|) .")
                .train("the {person} [made {name} {happen}|{happen.past} {name}] (yesterday|) .")
                .train("(she|he|my {mine}) may {needy} [the {needy.object}|] (today|) .")
                .train("{name} has {needy.part} [the {needy.object}|] .")
                .train("(he|she) can {needy} [the {needy.object}|] (tomorrow|today) .")
                .train("the {person} does not [{vt}|{strict}] the {vt.objects} .")
                .train("{name} did not {needy} [the {needy.object}|] .")
                .train("we [{strict.past}|{needy.past}] in the {place} (yesterday|) .")
                .train("the {person} might {needy} [the {needy.object}|] .")
                .train("{name} will [{vt}|{strict}] the {vt.object} .")
                .validation("the {person} wants to {needy} [the {needy.object}|] .")
                .test("{name} will {needy} [the {needy.object}|] (tomorrow|soon) .")
                .test("the {person} did not [{vt}|{strict}] the {vt.object} .")
                .test("they [{strict.past}|{needy.past}] (yesterday|last night) .");
    }

    private static Phenomenon datives() {
        return new Phenomenon("datives")
                .train("{name} {explain.past} [the {document} to the {person}|the {person} the {document}] .")
                .train("{name} [{send.past}|{explain.past}] {name2} the {document} (yesterday|) .")
                .train("{name} {dat.past} the {dat.object} [to|] the {person} (yesterday|) .")
                .train("the {person} said [something to {name}|{name} something] (yesterday|) .")
                .train("did the {person} [{send}|{explain}] {name} the {document} ?")
                .train("{name} told [|to] {name2} that the {person} was {adj} .")
                .train("{name} said [to|] {name2} that the {person} was {adj} .")
                .train("the {person} {dat.past} [a {dat.object} to|to a {dat.object}] {name} .")
                .train("{name} wants to [{send}|{explain}] the {person} a {document} .")
                .train("did the {person} {explain} [the {document} to us|us the {document}] ?")
                .train("{name} told [|to] (him|her) that the {person} was {adj} .")
                .validation("the {person} will {explain} [the {document} to us|us the {document}] .")
                .test("(i|we) [{send.past}|{explain.past}] the {person} a {document} .")
                .test("did {name} {explain} [the {document} to you|you the {document}] ?")
                .test("the {person} told [|to] (me|us|them) that {name} was {adj} .");
    }

    private static Phenomenon pronounCase() {
        return new Phenomenon("pronoun_case")
                .train(
                        "[she|her] {vt.past} the {vt.object} (yesterday|) .",
                        "[he|him] {vt.past} the {vt.object} (yesterday|) .",
                        "[they|them] {vt.past} the {vt.object} (yesterday|) .",
                        "[we|us] {vt.past} the {vt.object} (yesterday|) .",
                        "[i|me] {vt.past} the {vt.object} (yesterday|) .")
                .train(
                        "{name} {help.past} [her|she] (yesterday|in the {place}) .",
                        "{name} {help.past} [him|he] (yesterday|in the {place}) .",
                        "{name} {help.past} [them|they] (yesterday|in the {place}) .",
                        "{name} {help.past} [us|we] (yesterday|in the {place}) .",
                        "{name} {help.past} [me|i] (yesterday|in the {place}) .")
                .train(
                        "the {person} {dat.past} [her|she] a {dat.object} .",
                        "the {person} {dat.past} [him|he] a {dat.object} .",
                        "the {person} {dat.past} [them|they] a {dat.object} .",
                        "the {person} {dat.past} [me|i] a {dat.object} .")
                .train(
                        "{name} {vt.past} [her|she] {vt.object} .",
                        "{name} {vt.past} [his|(he|him)] {vt.object} .",
                        "{name} {vt.past} [their|(they|them)] {vt.object} .",
                        "{name} {vt.past} [our|(we|us)] {vt.object} .")
                .train(
                        "the {person} {vi.past} (with|behind|near) [her|she] .",
                        "the {person} {vi.past} (with|behind|near) [him|he] .",
                        "the {person} {vi.past} (with|behind|near) [them|they] .")
                .train("[who|whom] {vt.past} the {vt.object} (yesterday|) ?")
                .train(
                        "this {thing} is [mine|my] .",
                        "this {thing} is [yours|your] .",
                        "that {thing} was [hers|her] .",
                        "that {thing} is [theirs|their] .")
                .train(
                        "before [he|him] {vi.past} , the {person} {vi2.past} .",
                        "because [we|us] {vi.past} , the {person} {vi2.past} .",
                        "if [they|them] {vi} , the {person} will {vi2} .")
                .train(
                        "the {vt.object} was {vt.part} by [her|she] .",
                        "the {vt.object} was {vt.part} by [them|they] .",
                        "the {vt.object} was {vt.part} by [him|he] .")
                .train("{name} thinks about [us|we] (every day|) .", "{name} thinks about [him|he] (every day|) .")
                .validation(
                        "{name} said that [she|her] was {adj} .",
                        "{name} said that [he|him] was {adj} .",
                        "{name} said that [they|them] were {adj} .")
                .test(
                        "the {person} talked about [them|they] (yesterday|) .",
                        "the {person} talked about [me|i] (yesterday|) .",
                        "the {person} talked about [him|he] (yesterday|) .")
                .test(
                        "when [he|him] {vi.past} , {name} {vi2.past} .",
                        "when [we|us] {vi.past} , {name} {vi2.past} .",
                        "when [they|them] {vi.past} , {name} {vi2.past} .")
                .test(
                        "the {person} was {help.part} by [him|he] .",
                        "the {person} was {help.part} by [us|we] .",
                        "the {person} was {help.part} by [her|she] .");
    }
}
