package dev.ortune.trainer.pull;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file as a well-behaved server gives it, ranges included, but for its connection.
 *
 * @param tag entity tag with its quotes, or the empty string
 * @param most bytes a connection carries before it breaks off
 */
record ServedFile(byte[] content, String tag, int most) {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

    RawServer.Response answer(RawServer.Request request) {
        Map<String, String> headers = new HashMap<>();
        if (!tag.isEmpty()) {
            headers.put("ETag", tag);
        }
        Matcher range = RANGE.matcher(request.header("Range"));
        boolean same = request.header("If-Range").isEmpty()
                || request.header("If-Range").equals(tag);
        int from = range.matches() && same ? Integer.parseInt(range.group(1)) : 0;
        if (from >= content.length && from > 0) {
            headers.put("Content-Range", "bytes */" + content.length);
            return RawServer.Response.empty(416, headers);
        }
        if (from > 0) {
            headers.put("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        headers.put("Content-Length", Integer.toString(content.length - from));
        byte[] body = Arrays.copyOfRange(content, from, from + Math.min(content.length - from, most));
        return new RawServer.Response(from > 0 ? 206 : 200, headers, body, 0);
    }
}
