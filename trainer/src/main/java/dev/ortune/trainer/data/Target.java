package dev.ortune.trainer.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a model is to say of an example. */
public sealed interface Target {
    /** The label ids that occur in it. */
    IntStream ids();

    /**
     * A label for the whole text.
     *
     * @param id index into the {@link Labels} that were read with it
     */
    record ClassLabel(int id) implements Target {
        @Override
        public IntStream ids() {
            return IntStream.of(id);
        }
    }

    /**
     * A number for the whole text.
     *
     * @param value finite
     */
    record NumberLabel(float value) implements Target {
        @Override
        public IntStream ids() {
            return IntStream.empty();
        }
    }

    /**
     * A text that is to be written.
     *
     * @param text not blank
     */
    record Text(String text) implements Target {
        @Override
        public IntStream ids() {
            return IntStream.empty();
        }
    }

    /**
     * Answers that are parts of a context, the example's second text.
     *
     * @param id of the question, by which predictions are told apart
     * @param answers any of which is right; none where the context has no answer
     */
    record Answers(String id, List<Answer> answers) implements Target {
        public Answers {
            answers = List.copyOf(answers);
        }

        @Override
        public IntStream ids() {
            return IntStream.empty();
        }
    }

    /**
     * Choices of which one is right. Each goes on with the example's second text, with a blank between, where there is one,
     * and is the second text itself where there is none.
     *
     * @param choices two at least
     * @param right the place of the right one, counted from 0
     */
    record Choices(List<String> choices, int right) implements Target {
        /** More of them are taken for a mistake. */
        static final int MOST = 1000;

        public Choices {
            choices = List.copyOf(choices);
            if (choices.size() < 2 || right < 0 || right >= choices.size()) {
                throw new IllegalArgumentException("choice " + right + " of " + choices.size());
            }
        }

        @Override
        public IntStream ids() {
            return IntStream.empty();
        }
    }

    /**
     * Labels of the whole text, which do not exclude each other.
     *
     * @param labels indices into the {@link Labels} that were read with it, ascending; none at all is usual
     */
    record LabelSet(List<Integer> labels) implements Target {
        public LabelSet {
            labels = List.copyOf(labels);
        }

        /** Each once, whatever order and number they come in. */
        static LabelSet of(int[] ids) {
            return new LabelSet(Arrays.stream(ids).sorted().distinct().boxed().toList());
        }

        @Override
        public IntStream ids() {
            return labels.stream().mapToInt(Integer::intValue);
        }
    }

    /**
     * A part of a context.
     *
     * @param text its words
     * @param start its first character, counted in code points from 0
     */
    record Answer(String text, int start) {
        /** The place after its last character. */
        public int end() {
            return start + text.codePointCount(0, text.length());
        }
    }

    /**
     * A label for each word.
     *
     * @param words the text, split as its data set splits it
     * @param labels of each word, indices into the {@link Labels} that were read with it, {@code [words]}
     */
    record WordLabels(List<String> words, int[] labels) implements Target {
        public WordLabels {
            words = List.copyOf(words);
            if (words.size() != labels.length) {
                throw new IllegalArgumentException(labels.length + " labels for " + words.size() + " words");
            }
        }

        @Override
        public IntStream ids() {
            return Arrays.stream(labels);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof WordLabels that && words.equals(that.words) && Arrays.equals(labels, that.labels);
        }

        @Override
        public int hashCode() {
            return 31 * words.hashCode() + Arrays.hashCode(labels);
        }
    }
}
