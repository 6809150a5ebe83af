package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file over HTTP. A connection that breaks is taken up where it broke, also by a later process; size and SHA-256 are
 * checked where they are known; the file gets its name only when all of it is right.
 *
 * @param uri where it is
 * @param file where it shall lie
 * @param sha256 its digest, or the empty string to go by what the server says
 * @param limit the most bytes it may have
 */
record Download(URI uri, Path file, String sha256, long limit) {
    /** The client's side of downloads. */
    record Client(Http http, Progress progress, Retries retries) {}

    /**
     * A file that is there.
     *
     * @param commit the hub's commit that it is from; empty when the server does not say
     */
    record Fetched(String commit) {}

    /**
     * Brings the file.
     *
     * @return empty when the server answers 404
     * @throws OrtuneException naming the address when the file cannot be had
     * @throws IOException when the disk fails
     */
    Optional<Fetched> fetch(Client client) throws IOException {
        PartFile part = new PartFile(file);
        boolean resumed = part.size() > 0;
        Attempts attempts = new Attempts(client.retries(), part.size());
        while (true) {
            try {
                Transfer transfer = new Transfer(this, part, client, attempts.anyProgress());
                Optional<Transfer.Whole> whole = transfer.run();
                if (whole.isPresent() && !isRight(whole.get(), part, resumed)) {
                    resumed = false;
                    continue;
                }
                return whole.map(there -> new Fetched(there.commit()));
            } catch (BrokenException e) {
                resumed = true;
                attempts.failed(uri, e, part.size());
            } finally {
                client.progress().end();
            }
        }
    }

    /** Whether the digest was right and the file now has its name; a part put together from several is given up once. */
    private boolean isRight(Transfer.Whole whole, PartFile part, boolean mayStartOver) throws IOException {
        String expected = sha256.isEmpty() ? whole.sha256() : sha256;
        String actual = expected.isEmpty() ? "" : part.sha256();
        if (actual.equals(expected)) {
            part.finish();
            return true;
        }
        part.delete();
        if (mayStartOver) {
            return false;
        }
        throw new OrtuneException(uri + ": what came has the SHA-256 " + actual + ", but it should be " + expected
                + "; it was thrown away");
    }

    /** Counts tries in a row that brought nothing new. */
    private static final class Attempts {
        private final Retries retries;
        private final long first;
        private long before;
        private int failures;

        Attempts(Retries retries, long before) {
            this.retries = retries;
            this.first = before;
            this.before = before;
        }

        boolean anyProgress() {
            return before > first;
        }

        void failed(URI uri, BrokenException e, long now) {
            failures = now > before ? 1 : failures + 1;
            before = now;
            if (failures >= retries.attempts()) {
                throw new OrtuneException(
                        uri + ": " + e.getMessage() + ", and " + failures + " tries brought nothing new", e);
            }
            Retries.sleep(retries.pause(failures, e.pause()));
        }
    }
}
