package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One try at a {@link Download}: asks for what is missing and adds it to the part.
 *
 * @param connectedBefore whether this pull has brought bytes of the file already, so that a host that cannot be reached
 *     is a break and not a missing network
 */
record Transfer(Download download, PartFile part, Download.Client client, boolean connectedBefore) {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /**
     * The part is as long as the file.
     *
     * @param sha256 what the server says its digest is, or the empty string
     * @param commit the hub's commit, or the empty string
     */
    record Whole(String sha256, String commit) {}

    /** Empty when the server has no such file. */
    Optional<Whole> run() throws IOException {
        long have = part.size();
        Http.Answer answer = ask(have);
        try (StallGuard body =
                new StallGuard(answer.last().body(), client.retries().stall())) {
            PartFile.Version version = new PartFile.Version(answer.lastHeader("ETag"), answer.header("X-Linked-Etag"));
            if (answer.status() == 404) {
                return Optional.empty();
            }
            switch (answer.status()) {
                case 200 -> receive(body, 0, size(answer, answer.lastHeader("Content-Length")), version);
                case 206 -> goOn(answer, body, have, version);
                case 416 -> requireWhole(answer, have, version);
                default -> throw refused(answer);
            }
            return Optional.of(new Whole(digest(version), answer.header("X-Repo-Commit")));
        }
    }

    private Http.Answer ask(long have) throws IOException {
        Map<String, String> headers = new HashMap<>();
        if (have > 0) {
            headers.put("Range", "bytes=" + have + "-");
            if (part.version().isStrong()) {
                headers.put("If-Range", part.version().served());
            }
        }
        try {
            return client.http().get(download.uri(), headers);
        } catch (UnreachableException e) {
            if (connectedBefore) {
                throw new BrokenException(e.getMessage(), e);
            }
            throw e;
        } catch (IOException e) {
            throw new BrokenException("no answer came (" + e.getMessage() + ")", e);
        }
    }

    private void goOn(Http.Answer answer, StallGuard body, long have, PartFile.Version version) throws IOException {
        requireSameFile(version);
        Matcher range = CONTENT_RANGE.matcher(answer.lastHeader("Content-Range"));
        if (!range.matches() || Long.parseLong(range.group(1)) != have) {
            part.delete();
            throw new BrokenException("the server sent another part than it was asked for", Duration.ZERO);
        }
        receive(body, have, size(answer, range.group(2)), version);
    }

    /** The server has nothing beyond what came already: right when that is all. */
    private void requireWhole(Http.Answer answer, long have, PartFile.Version version) throws IOException {
        requireSameFile(version);
        String range = answer.lastHeader("Content-Range");
        if (have == 0 || !(range.equals("bytes */" + have) || number(answer.header("X-Linked-Size")) == have)) {
            part.delete();
            throw new BrokenException("the part that came before does not fit the file", Duration.ZERO);
        }
    }

    private void requireSameFile(PartFile.Version version) throws IOException {
        if (!version.linked().equals(part.version().linked())) {
            part.delete();
            throw new BrokenException("the file changed on the server", Duration.ZERO);
        }
    }

    private void receive(StallGuard body, long have, long size, PartFile.Version version) throws IOException {
        requireRoom(size, have);
        client.progress().begin(download.file().getFileName().toString(), size);
        long at = have;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = have > 0 ? part.append() : part.begin(version)) {
            for (int read = read(body, buffer); read >= 0; read = read(body, buffer)) {
                at += read;
                if (at > (size < 0 ? download.limit() : size)) {
                    throw new OrtuneException(download.uri() + " brings more bytes than it may");
                }
                out.write(buffer, 0, read);
                client.progress().at(at);
            }
        }
        if (at < size) {
            throw new BrokenException("the connection ended after " + at + " of " + size + " bytes", Duration.ZERO);
        }
    }

    private static int read(StallGuard body, byte[] buffer) throws BrokenException {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new BrokenException("the connection broke (" + e.getMessage() + ")", e);
        }
    }

    private void requireRoom(long size, long have) throws IOException {
        if (size > download.limit()) {
            throw new OrtuneException(download.uri() + " has " + size + " bytes; at most " + download.limit()
                    + " are expected of such a file");
        }
        long free = Files.getFileStore(download.file().getParent()).getUsableSpace();
        if (size - have > free) {
            throw new OrtuneException(download.file() + " needs " + Bytes.text(size - have) + ", but the disk has only "
                    + Bytes.text(free) + " free");
        }
    }

    /** The file's size as the server that sends it says, which must be what the hub says; -1 when neither does. */
    private long size(Http.Answer answer, String served) {
        long size = number(served);
        long linked = number(answer.header("X-Linked-Size"));
        if (size >= 0 && linked >= 0 && size != linked) {
            throw new OrtuneException(
                    download.uri() + " should have " + linked + " bytes, but the server sends " + size);
        }
        return Math.max(size, linked);
    }

    private static long number(String text) {
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
    }

    private static String digest(PartFile.Version version) {
        return Sha256.fromEntityTag(version.linked())
                .or(() -> Sha256.fromEntityTag(version.served()))
                .orElse("");
    }

    private IOException refused(Http.Answer answer) {
        int status = answer.status();
        if (status == 408 || status == 429 || status >= 500) {
            long seconds = Math.max(0, number(answer.lastHeader("Retry-After")));
            return new BrokenException("the server answers " + status, Duration.ofSeconds(Math.min(seconds, 3600)));
        }
        throw new StatusException(download.uri(), status);
    }
}
