package dev.ortune.trainer.report.run;

import java.util.List;

/**
 * Questions that were held out and what a model answered.
 *
 * @param role {@code validation} or {@code test}
 * @param questions in file order
 */
public record AnswerHoldout(String role, List<AskedQuestion> questions) implements Holdout {
    public AnswerHoldout {
        questions = List.copyOf(questions);
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public int size() {
        return questions.size();
    }

    @Override
    public boolean isSameSet(Holdout other) {
        if (!(other instanceof AnswerHoldout that) || that.size() != size()) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            AskedQuestion mine = questions.get(i);
            AskedQuestion theirs = that.questions.get(i);
            if (!mine.question().equals(theirs.question())
                    || !mine.context().equals(theirs.context())
                    || !mine.right().equals(theirs.right())) {
                return false;
            }
        }
        return true;
    }
}
