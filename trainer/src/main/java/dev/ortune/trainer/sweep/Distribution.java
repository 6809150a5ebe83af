package dev.ortune.trainer.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What an option's values are drawn from. */
sealed interface Distribution {
    /** Digits of a number that is drawn; more make no difference to a training and would only be to read. */
    MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

    /** From here on numbers are written with an exponent: 3.162e-5. */
    int SMALL = -3;

    /**
     * As it is written: a list to choose of, or a map of one entry: {@code uniform} or {@code log-uniform} of a least and a greatest
     * value, {@code choice} of a list.
     */
    static Distribution of(YamlNode node) {
        if (node.isList()) {
            return new OneOf(node, node.list());
        }
        Map<String, YamlNode> parts = node.map(List.of("uniform", "log-uniform", "choice"));
        if (parts.size() != 1) {
            throw node.wrong("one of uniform, log-uniform and choice is needed here");
        }
        String kind = parts.keySet().iterator().next();
        YamlNode values = parts.get(kind);
        if (kind.equals("choice")) {
            return new OneOf(values, values.list());
        }
        List<YamlNode> ends = values.list();
        boolean logarithmic = kind.equals("log-uniform");
        if (ends.size() != 2
                || !(ends.get(0).number() < ends.get(1).number())
                || (logarithmic && !(ends.get(0).number() > 0))) {
            throw values.wrong("a least and a greatest value are needed here"
                    + (logarithmic ? ", both above 0, such as [1e-5, 1e-3]" : ", such as [0, 0.2]"));
        }
        return new Range(values, ends.get(0).number(), ends.get(1).number(), logarithmic);
    }

    /** Where it is written. */
    YamlNode at();

    /**
     * Draws a value: its words on the command line.
     *
     * @param whole whether it must be a whole number
     */
    List<String> draw(Random random, boolean whole);

    /** Any of these, each as likely. */
    record OneOf(YamlNode at, List<YamlNode> values) implements Distribution {
        @Override
        public List<String> draw(Random random, boolean whole) {
            return values.get(random.nextInt(values.size())).texts();
        }
    }

    /** A number between two, of which the number, or its logarithm, is as likely to be anywhere. */
    record Range(YamlNode at, double low, double high, boolean logarithmic) implements Distribution {
        @Override
        public List<String> draw(Random random, boolean whole) {
            return List.of(whole ? String.valueOf(whole(random.nextDouble())) : text(at(random.nextDouble())));
        }

        /** The value below which a share of all draws are. */
        double at(double share) {
            return logarithmic
                    ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
                    : low + share * (high - low);
        }

        /** Each whole number has the room from half before it to half behind it. */
        private long whole(double share) {
            double least = Math.ceil(low);
            double most = Math.floor(high);
            Range room = new Range(at, least - 0.5, most + 0.5, logarithmic);
            return (long) Math.min(most, Math.max(least, Math.rint(room.at(share))));
        }

        private static String text(double value) {
            BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
            int exponent = rounded.precision() - rounded.scale() - 1;
            return rounded.signum() != 0 && exponent < SMALL
                    ? rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent
                    : rounded.toPlainString();
        }
    }
}
