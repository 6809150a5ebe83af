package dev.ortune.trainer.data.builtin;

import java.util.List;

/** Words that need a negation or a question above them. */
final class Licensing {
    private Licensing() {}

    static List<Phenomenon> phenomena() {
        return List.of(negativePolarity());
    }

    private static Phenomenon negativePolarity() {
        return new Phenomenon("negative_polarity")
                .train("[nobody|somebody] has ever {vt.part} (a|the) {vt.object} .")
                .train("{name} has [never|] {vt.part} any {vt.objects} .")
                .train("{name} [did not {vt}|{vt.past}] any {vt.objects} .")
                .train("[no|some] {job} has ever {vi.part} in the {place} .")
                .train("the {person} [has n't|has] {vt.part} the {vt.object} yet .")
                .train("(he|she|{name}) [is not|is] {adj} at all .")
                .train("[few|many] {person.pl} have ever {vt.part} a {vt.object} .")
                .train("[nobody|(somebody|everybody)] (bought|found|broke|forgot|lost) anything (in the {place}|) .")
                .train("[no|the] {job} (said|bought|found|broke) anything at all .")
                .train("[has {name} ever {vt.part} the {vt.object} ?|{name} has ever {vt.part} the {vt.object} .]")
                .validation("[none|(some|most)] of the {person.pl} have ever {vi.part} in the {place} .")
                .test("the {person} [never|often] {vt.past} any {vt.objects} .")
                .test("(we|they) [do not have|have] any {thing.pl} (at home|in the {place}) .")
                .test("[no|the] {job} {vi.past} at all .");
    }
}
