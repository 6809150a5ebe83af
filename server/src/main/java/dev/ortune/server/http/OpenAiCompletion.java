package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.FinishReason;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import dev.ortune.predictor.RequestException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Written texts as OpenAI's {@code /v1/completions} tells them (platform.openai.com/docs/api-reference/completions). A text has
 * nothing of the string that ended it; so a stream holds back what may be the beginning of such a string.
 */
final class OpenAiCompletion implements GenerationForm {
    private final String model;
    private final List<String> stop;
    private final String before;
    private final boolean usage;
    private final String id = "cmpl-" + UUID.randomUUID();
    private final long created = Instant.now().getEpochSecond();
    private final StringBuilder held = new StringBuilder();
    private int told;

    /**
     * Of one request.
     *
     * @param stop strings that end a text
     * @param before what stands before what was added
     * @param usage whether a stream ends with its numbers of tokens
     */
    OpenAiCompletion(String model, List<String> stop, String before, boolean usage) {
        this.model = model;
        this.stop = stop;
        this.before = before;
        this.usage = usage;
        held.append(before);
    }

    @Override
    public ObjectNode whole(GeneratedText generated) {
        ObjectNode json = choice(before + text(generated), reason(generated));
        json.set("usage", usage(generated));
        return json;
    }

    @Override
    public List<String> added(GeneratedToken token, GeneratedText whole) {
        if (whole == null) {
            held.append(token.special() ? "" : token.text());
            String sure = sure();
            told += sure.length();
            return sure.isEmpty() ? List.of() : List.of(choice(sure, null).toString());
        }
        List<String> events = new ArrayList<>();
        events.add(choice((before + text(whole)).substring(told), reason(whole)).toString());
        if (usage) {
            ObjectNode last = head();
            last.putArray("choices");
            last.set("usage", usage(whole));
            events.add(last.toString());
        }
        events.add("[DONE]");
        return events;
    }

    @Override
    public String failed(RequestException failure) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.putObject("error")
                .put("message", failure.getMessage())
                .put("type", failure.type().wireName());
        return json.toString();
    }

    /** Takes off what is held all but the longest end of it that one of the strings may begin with. */
    private String sure() {
        int end = held.length();
        for (String each : stop) {
            for (int length = Math.min(each.length(), held.length()); length > held.length() - end; length--) {
                if (each.startsWith(held.substring(held.length() - length))) {
                    end = held.length() - length;
                }
            }
        }
        String sure = held.substring(0, end);
        held.delete(0, end);
        return sure;
    }

    /** What was added before the string that ended it, which a token may have more behind. */
    private String text(GeneratedText generated) {
        String text = generated.text();
        int end = text.length();
        if (generated.reason() == FinishReason.STOP) {
            for (String each : stop) {
                int found = text.indexOf(each);
                end = found < 0 ? end : Math.min(end, found);
            }
        }
        return text.substring(0, end);
    }

    private static String reason(GeneratedText generated) {
        return generated.reason() == FinishReason.LENGTH ? "length" : "stop";
    }

    private ObjectNode head() {
        return JsonBody.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("object", "text_completion")
                .put("created", created)
                .put("model", model);
    }

    private ObjectNode choice(String text, String reason) {
        ObjectNode json = head();
        json.putArray("choices")
                .addObject()
                .put("text", text)
                .put("index", 0)
                .putNull("logprobs")
                .put("finish_reason", reason);
        return json;
    }

    private static ObjectNode usage(GeneratedText generated) {
        int prompt = generated.promptTokens();
        int added = generated.tokens().size();
        return JsonBody.MAPPER
                .createObjectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", added)
                .put("total_tokens", prompt + added);
    }
}
