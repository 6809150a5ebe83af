package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.AnswerHoldout;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.run.TokenLengths;
import java.util.List;
import java.util.stream.IntStream;

/** How long the sentences are, and what was lost by cutting them off. */
record Lengths(String svg, List<Row> rows, String note) {
    record Row(String role, String examples, String tokens, String mean, String longest, String cut, String lost) {
        static Row of(String role, TokenLengths lengths, int maxLength) {
            long examples = lengths.examples(role);
            long tokens = lengths.tokens(role);
            return new Row(
                    role,
                    Format.count(examples),
                    Format.count(tokens),
                    Format.decimal((double) tokens / examples),
                    Format.count(lengths.bySet().get(role).lastKey()),
                    Format.count(lengths.longerThan(role, maxLength)),
                    Format.count(lengths.tokensBeyond(role, maxLength)));
        }
    }

    static Lengths of(Run run, Figure figure, int maxLength) {
        List<Row> rows = run.lengths().bySet().keySet().stream()
                .map(role -> Row.of(role, run.lengths(), maxLength))
                .toList();
        return new Lengths(figure.svg(), rows, note(run.judged(), maxLength));
    }

    private static String note(Holdout judged, int maxLength) {
        String limit = "Sentences are cut off beyond " + maxLength + " tokens (max_length), special tokens included. ";
        if (judged instanceof AnswerHoldout) {
            return "Windows of a question and a part of its context, of " + maxLength + " tokens at most (max_length),"
                    + " special tokens included. Nothing is cut off.";
        }
        if (!(judged instanceof ClassHoldout holdout)) {
            return limit;
        }
        int[] cut = IntStream.range(0, holdout.size())
                .filter(i -> holdout.examples().get(i).tokens() > maxLength)
                .toArray();
        if (cut.length == 0) {
            return limit + "No sentence of the " + holdout.role() + " set was, so this cost nothing there.";
        }
        long right = IntStream.of(cut).filter(holdout::isRight).count();
        int rest = holdout.size() - cut.length;
        long rightOfRest =
                IntStream.range(0, holdout.size()).filter(holdout::isRight).count() - right;
        return limit + "Of the " + holdout.role() + " set's " + Format.count(cut.length)
                + " that were, " + Text.percent((double) right / cut.length) + " were predicted right"
                + (rest == 0 ? "." : "; of the others " + Text.percent((double) rightOfRest / rest) + ".");
    }
}
