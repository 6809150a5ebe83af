package dev.ortune.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.event.KeyValuePair;

/** A JSON object on a line: time, level, logger, message, and the named values beside them. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("time", event.getInstant().toString())
                .put("level", event.getLevel().toString())
                .put("logger", event.getLoggerName())
                .put("message", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> put(json, pair));
        }
        if (event.getThrowableProxy() != null) {
            json.put("stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return json + "\n";
    }

    private static void put(ObjectNode json, KeyValuePair pair) {
        if (pair.value instanceof Double number) {
            json.put(pair.key, number);
        } else if (pair.value instanceof Number number) {
            json.put(pair.key, number.longValue());
        } else {
            json.put(pair.key, String.valueOf(pair.value));
        }
    }
}
