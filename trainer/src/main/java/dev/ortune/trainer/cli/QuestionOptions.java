package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.task.NoAnswer;
import dev.ortune.trainer.task.QuestionAnswering;
import dev.ortune.trainer.task.Task;
import picocli.CommandLine.Option;

/** How questions are read and answered. */
final class QuestionOptions {
    @Option(
            names = "--doc-stride",
            paramLabel = "N",
            description = "Question answering: tokens that a window of a long context shares with the next (default: "
                    + QuestionAnswering.STRIDE + ").")
    private Integer stride;

    @Option(
            names = "--max-answer-length",
            paramLabel = "N",
            description = "Question answering: tokens of the longest answer (default: "
                    + QuestionAnswering.MAX_ANSWER_LENGTH + ").")
    private Integer maxAnswerLength;

    @Option(
            names = "--version-2-with-negative",
            description = "Question answering: there may be no answer, as in SQuAD 2.0 (default: as --train tells).")
    private boolean noAnswer;

    /**
     * A task with what was said of questions.
     *
     * @param named the task that was named, or null
     */
    Task of(Task named) {
        if (stride == null && maxAnswerLength == null && !noAnswer) {
            return named;
        }
        if (named != null && !(named instanceof QuestionAnswering)) {
            throw new OrtuneException("--doc-stride, --max-answer-length and --version-2-with-negative are for --task"
                    + " question-answering");
        }
        QuestionAnswering task = named == null ? new QuestionAnswering() : (QuestionAnswering) named;
        return new QuestionAnswering(noAnswer ? NoAnswer.POSSIBLE : task.noAnswer())
                .with(
                        stride == null ? task.stride() : stride,
                        maxAnswerLength == null ? task.maxAnswerLength() : maxAnswerLength);
    }
}
