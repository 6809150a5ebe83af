package dev.ortune.spark;

import dev.ortune.predictor.Answer;
import dev.ortune.predictor.Input;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.Predictor;
import dev.ortune.predictor.RequestException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows with their answers, in their order. Some hundred rows are ahead of the one that is given: enough for the predictor to find
 * texts of like lengths among them, and to have the next ones while these are written.
 */
final class ScoredRows implements Iterator<Row> {
    /** Rows that are read at a time. */
    private static final int WINDOW = 512;

    private final Iterator<Row> rows;
    private final Predictor predictor;
    private final PartitionScorer scorer;
    private final Deque<Asked> ahead = new ArrayDeque<>();
    private Row next;

    /**
     * A row and what will become of it.
     *
     * @param answer null where the row asks nothing
     */
    private record Asked(Row row, CompletableFuture<Answer> answer) {}

    ScoredRows(Iterator<Row> rows, Predictor predictor, PartitionScorer scorer) {
        this.rows = rows;
        this.predictor = predictor;
        this.scorer = scorer;
    }

    @Override
    public boolean hasNext() {
        while (next == null) {
            if (ahead.size() < WINDOW) {
                read();
            }
            if (ahead.isEmpty()) {
                return false;
            }
            next = row(ahead.remove());
        }
        return true;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Row row = next;
        next = null;
        scorer.counts().rows().add(1);
        return row;
    }

    private void read() {
        List<Row> read = new ArrayList<>(WINDOW);
        List<Input> asked = new ArrayList<>(WINDOW);
        while (read.size() < WINDOW && rows.hasNext()) {
            Row row = rows.next();
            read.add(row);
            asked.add(scorer.inputs().of(row));
        }
        Iterator<CompletableFuture<Answer>> answers = predictor
                .submit(asked.stream().filter(Objects::nonNull).toList())
                .iterator();
        for (int i = 0; i < read.size(); i++) {
            ahead.add(new Asked(read.get(i), asked.get(i) == null ? null : answers.next()));
        }
    }

    /** With its answer; null where it has none and is to be left out. */
    private Row row(Asked asked) {
        Answer answer = null;
        try {
            answer = asked.answer == null ? null : asked.answer.join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof RequestException) || scorer.bad() == Bad.ERROR) {
                throw new OrtuneException(predictor.name() + ": " + e.getCause().getMessage(), e.getCause());
            }
        }
        if (answer == null) {
            scorer.counts().unanswered().add(1);
            if (scorer.bad() == Bad.ERROR) {
                throw new OrtuneException(predictor.name() + ": a row asks about nothing: a text is null");
            }
            if (scorer.bad() == Bad.SKIP) {
                return null;
            }
        }
        Object[] values = new Object[asked.row.size() + scorer.width()];
        for (int i = 0; i < asked.row.size(); i++) {
            values[i] = asked.row.get(i);
        }
        scorer.output().put(answer, scorer.names(), values, asked.row.size());
        return RowFactory.create(values);
    }
}
