package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import dev.ortune.predictor.RequestException;
import java.util.List;

/** How a protocol tells what a text was gone on with. Of one request, whose stream is told in its order. */
interface GenerationForm {
    /** The answer that comes whole. */
    JsonNode whole(GeneratedText generated);

    /**
     * What a stream says when a token has been added, the data of an event each.
     *
     * @param whole all that was added, with the last token; else null
     */
    List<String> added(GeneratedToken token, GeneratedText whole);

    /** What a stream says that has begun and cannot go on. */
    String failed(RequestException failure);
}
