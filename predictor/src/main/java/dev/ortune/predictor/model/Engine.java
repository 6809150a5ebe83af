package dev.ortune.predictor.model;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.batch.Batcher;
import dev.ortune.predictor.generation.Generator;

/** What computes a model's answers. */
sealed interface Engine extends AutoCloseable {
    /** Answers texts in batches, where the model does that. */
    Batcher batcher();

    /** Goes on with texts, where the model does that. */
    Generator generator();

    /** Texts that wait. */
    int waiting();

    @Override
    void close();

    /** Many texts in one run. */
    record Batches(Sessions sessions, Batcher batcher) implements Engine {
        @Override
        public Generator generator() {
            throw new RequestException(ErrorType.BAD_REQUEST, "the model does not write texts");
        }

        @Override
        public int waiting() {
            return batcher.waiting();
        }

        @Override
        public void close() {
            batcher.close();
            sessions.close();
        }
    }

    /** A token a run. */
    record Texts(Generator generator) implements Engine {
        @Override
        public Batcher batcher() {
            throw new RequestException(
                    ErrorType.BAD_REQUEST, "the model writes texts; POST /generate or /models/NAME has it do so");
        }

        @Override
        public int waiting() {
            return generator.waiting();
        }

        @Override
        public void close() {
            generator.close();
        }
    }
}
