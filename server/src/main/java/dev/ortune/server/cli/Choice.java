package dev.ortune.server.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One of several words on the command line, each the {@code toString} of an enum's constant. */
record Choice<E extends Enum<E>>(List<E> constants) implements ITypeConverter<E> {
    static <E extends Enum<E>> Choice<E> of(Class<E> type) {
        return new Choice<>(List.of(type.getEnumConstants()));
    }

    @Override
    public E convert(String value) {
        for (E constant : constants) {
            if (constant.toString().equalsIgnoreCase(value)) {
                return constant;
            }
        }
        String[] words = constants.stream().map(E::toString).toArray(String[]::new);
        String last = words[words.length - 1];
        throw new TypeConversionException("must be " + String.join(", ", Arrays.copyOf(words, words.length - 1))
                + " or " + last + ", not '" + value + "'");
    }
}
