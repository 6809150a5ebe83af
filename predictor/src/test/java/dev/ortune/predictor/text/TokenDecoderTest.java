package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code tokenizers.decoders} of Hugging Face's library, release 0.23.2, makes of the same tokens. */
class TokenDecoderTest {
    private static final Path FILE = Path.of("models/mine/tokenizer.json");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            null                                                                    | a,##b      | `a ##b`
            {"type": "WordPiece", "prefix": "##", "cleanup": true}                  | New,York,. | `New York.`
            {"type": "WordPiece", "prefix": "##", "cleanup": false}                 | New,York,. | `New York .`
            {"type": "WordPiece", "prefix": "##", "cleanup": true}                  | ##b,##c,d  | `##bc d`
            {"type": "WordPiece", "prefix": "##", "cleanup": true}                  | do,n't,'s  | `don't's`
            {"type": "ByteLevel"}                                                   | JosÃ©,ĠG   | `José G`
            {"type": "ByteLevel"}                                                   | ðŁĺ,Ģ      | `😀`
            {"type": "ByteLevel"}                                                   | ðŁĺ        | `\ufffd`
            {"type": "ByteLevel"}                                                   | 東,é       | `東\ufffd`
            {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}   | ▁New,▁York | `New York`
            {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"}    | ▁New,▁York | ` New York`
            {"type": "Metaspace", "replacement": "▁", "add_prefix_space": true}     | ▁a▁b,c     | `abc`
            {"type": "BPEDecoder", "suffix": "</w>"}                                | ne,w</w>,york</w> | `new york`
            {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]} | ▁a,<0xC3>,<0xA9>,▁b,<0xFF> | `aé b\ufffd`
            """)
    void tokensBecomeTextAgain(String json, String tokens, String text) throws IOException {
        TokenDecoder decoder = TokenDecoder.of(FILE, new ObjectMapper().readTree(json));
        assertThat(decoder.join(Arrays.asList(tokens.split(",", -1)))).isEqualTo(text);
    }

    @Test
    void nothingBecomesNothing() throws IOException {
        for (String type :
                List.of("WordPiece", "ByteLevel", "Metaspace", "BPEDecoder", "Fuse", "ByteFallback", "Strip")) {
            TokenDecoder decoder = TokenDecoder.of(FILE, new ObjectMapper().readTree("{\"type\": \"" + type + "\"}"));
            assertThat(decoder.join(List.of())).as(type).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "{}",
                "{\"type\": \"CTC\"}",
                "{\"type\": \"\\u001b[2J\"}",
                "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(a+)+$\"}, \"content\": \"\"}",
                "{\"type\": \"Sequence\", \"decoders\": [{\"type\": 1}]}"
            })
    void whatItDoesNotKnowIsRefused(String json) {
        assertThatThrownBy(() -> TokenDecoder.of(FILE, new ObjectMapper().readTree(json)))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(FILE + ": has a decoder ")
                .hasMessageMatching("[^\\p{Cntrl}]+");
    }
}
