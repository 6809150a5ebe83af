package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.exporter.verify.Verification.BeforeAfter;
import dev.ortune.exporter.verify.Verification.Texts;
import dev.ortune.exporter.verify.Verification.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerificationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // verdicts kept | MCC before | MCC after | largest difference of logits | what is said
                "0.99 | 0.5  | 0.2  | 9        | ",
                "0.95 | 0.5  | 0.49 | 9        | ",
                "0.95 | 0.5  | 0.47 | 9        | it keeps 95.00 % of the verdicts, fewer than 99 %, and the MCC falls",
                // A model that knows nothing loses nothing, whatever its file says.
                "0.50 | 0.02 | 0.01 | 9        | it keeps 50.00 % of the verdicts, fewer than 99 %, and the MCC falls",
                "0.95 | 0.00 | 0.11 | 9        | it keeps 95.00 % of the verdicts, fewer than 99 %, and the MCC rises",
                "0.95 |      |      | 9        | it keeps 95.00 % of the verdicts, fewer than 99 %",
                // Verdicts of logits that are no numbers may all be the same.
                "1.00 | 0.5  | 0.5  | Infinity | some of its logits are no numbers",
            })
    void smallNumbersAreJudgedByVerdictsOrMcc(
            double kept, Double before, Double after, double difference, String failure) {
        BeforeAfter mcc = before == null ? null : new BeforeAfter(before, after);
        String said = Tolerance.verdicts(0.99, 0.02)
                .failure(new Verification(
                        new Texts("data", 100),
                        difference,
                        0.0,
                        new Agreement(Agreement.Unit.TEXTS, 100, kept),
                        mcc,
                        mcc,
                        null));
        if (failure == null) {
            assertThat(said).isNull();
        } else {
            assertThat(said).startsWith(failure);
        }
    }
}
