package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A zip whose members are not compressed, each readable where it lies (PKWARE's APPNOTE.TXT, 6.3.10; sizes beyond 4 GB in
 * zip64's fields), as PyTorch writes them.
 */
final class StoredZip {
    private static final int LOCAL = 0x04034b50;
    private static final int MEMBER = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END_SIZE = 22;
    private static final int LOCATOR_SIZE = 20;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int MOST_MEMBERS = 1_000_000;
    private static final long IN_ZIP_64 = 0xffffffffL;

    private final MappedFile file;
    private final Map<String, Member> members = new LinkedHashMap<>();

    private record Member(long header, long size) {}

    private StoredZip(MappedFile file) {
        this.file = file;
    }

    static boolean isOne(MappedFile file) {
        return file.size() >= 4 && file.slice(0, 4, "the first bytes").getInt() == LOCAL;
    }

    /** Reads the list of members. */
    static StoredZip of(MappedFile file) {
        StoredZip zip = new StoredZip(file);
        zip.readMembers();
        return zip;
    }

    Collection<String> names() {
        return Collections.unmodifiableCollection(members.keySet());
    }

    boolean contains(String name) {
        return members.containsKey(name);
    }

    /** A member's content, which must not be empty. */
    ByteBuffer bytes(String name) {
        Member member = members.get(name);
        String called = "member " + Printable.of(name);
        ByteBuffer local = file.slice(member.header(), 30, "the header of " + called);
        if (local.getInt(0) != LOCAL) {
            throw broken(called + " has no header where the list says");
        }
        long start = member.header() + 30 + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
        return file.slice(start, member.size(), called);
    }

    private OrtuneException broken(String what) {
        return new OrtuneException(file.file() + ": " + what);
    }

    private void readMembers() {
        long end = end();
        ByteBuffer record = file.slice(end, END_SIZE, "the zip's end");
        long count = record.getShort(10) & 0xffff;
        long size = record.getInt(12) & IN_ZIP_64;
        long start = record.getInt(16) & IN_ZIP_64;
        if (count == 0xffff || size == IN_ZIP_64 || start == IN_ZIP_64 || hasLocator(end)) {
            ByteBuffer larger = end64(end);
            count = larger.getLong(32);
            size = larger.getLong(40);
            start = larger.getLong(48);
        }
        if (count < 0 || count > MOST_MEMBERS) {
            throw broken("is a zip of " + Long.toUnsignedString(count) + " members");
        }
        ByteBuffer list = file.slice(start, size, "the zip's list of members");
        for (long i = 0; i < count; i++) {
            readMember(list);
        }
    }

    private long end() {
        for (long at = file.size() - END_SIZE; at >= 0 && at >= file.size() - END_SIZE - LONGEST_COMMENT; at--) {
            if (file.slice(at, 4, "the zip's end").getInt() == END) {
                return at;
            }
        }
        throw broken("is a zip whose end is missing");
    }

    private boolean hasLocator(long end) {
        return end >= LOCATOR_SIZE
                && file.slice(end - LOCATOR_SIZE, 4, "the zip's end").getInt() == LOCATOR_64;
    }

    private ByteBuffer end64(long end) {
        if (!hasLocator(end)) {
            throw broken("is a large zip without the record that tells its size");
        }
        long at = file.slice(end - LOCATOR_SIZE, LOCATOR_SIZE, "the zip's end").getLong(8);
        ByteBuffer record = file.slice(at, 56, "the large zip's end");
        if (record.getInt(0) != END_64) {
            throw broken("is a large zip without the record that tells its size");
        }
        return record;
    }

    private void readMember(ByteBuffer list) {
        if (list.remaining() < 46 || list.getInt(list.position()) != MEMBER) {
            throw broken("has fewer members in its list than it says");
        }
        int at = list.position();
        int method = list.getShort(at + 10) & 0xffff;
        long size = list.getInt(at + 24) & IN_ZIP_64;
        int nameLength = list.getShort(at + 28) & 0xffff;
        int extraLength = list.getShort(at + 30) & 0xffff;
        int commentLength = list.getShort(at + 32) & 0xffff;
        long header = list.getInt(at + 42) & IN_ZIP_64;
        if (list.remaining() < 46 + nameLength + extraLength + commentLength) {
            throw broken("has a list of members that ends in the middle of one");
        }
        byte[] name = new byte[nameLength];
        list.get(at + 46, name);
        String called = new String(name, StandardCharsets.UTF_8);
        ByteBuffer extra = list.slice(at + 46 + nameLength, extraLength).order(list.order());
        boolean sizeIn64 = size == IN_ZIP_64;
        boolean packedIn64 = (list.getInt(at + 20) & IN_ZIP_64) == IN_ZIP_64;
        boolean headerIn64 = header == IN_ZIP_64;
        if (sizeIn64 || headerIn64) {
            ByteBuffer fields = zip64(extra, called);
            int needed = (sizeIn64 ? 8 : 0) + (packedIn64 ? 8 : 0) + (headerIn64 ? 8 : 0);
            if (fields.remaining() < needed) {
                throw broken("has too few numbers for large member " + Printable.of(called));
            }
            size = sizeIn64 ? fields.getLong() : size;
            if (packedIn64) {
                fields.getLong();
            }
            header = headerIn64 ? fields.getLong() : header;
        }
        list.position(at + 46 + nameLength + extraLength + commentLength);
        if (method != 0) {
            throw broken("has the compressed member " + Printable.of(called) + "; PyTorch's are stored as they are");
        }
        if (members.put(called, new Member(header, size)) != null) {
            throw broken("has two members called " + Printable.of(called));
        }
    }

    private ByteBuffer zip64(ByteBuffer extra, String called) {
        while (extra.remaining() >= 4) {
            int kind = extra.getShort() & 0xffff;
            int length = extra.getShort() & 0xffff;
            if (length > extra.remaining()) {
                break;
            }
            if (kind == 1) {
                return extra.slice(extra.position(), length).order(extra.order());
            }
            extra.position(extra.position() + length);
        }
        throw broken("does not say where large member " + Printable.of(called) + " is");
    }
}
