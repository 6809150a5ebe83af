package dev.ortune.trainer.pretrained;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C in the masked form of LevelDB, which keeps checksums of data that hold checksums apart. */
final class MaskedCrc32c {
    private static final int DELTA = 0xa282ead8;

    private MaskedCrc32c() {}

    /** The checksum of what remains in {@code bytes}, whose position stays. */
    static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return Integer.rotateRight((int) crc.getValue(), 15) + DELTA;
    }
}
