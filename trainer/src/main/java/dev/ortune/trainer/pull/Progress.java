package dev.ortune.trainer.pull;

/** Where a long transfer says how far it is. One transfer runs at a time. */
public interface Progress {
    /** Says nothing. */
    Progress SILENT = new Progress() {
        @Override
        public void begin(String what, long total) {}

        @Override
        public void at(long bytes) {}

        @Override
        public void end() {}
    };

    /** A transfer begins; {@code total} bytes are to come, or an unknown number when negative. */
    void begin(String what, long total);

    /** So many bytes of the transfer are there now; fewer than before when it had to start again. */
    void at(long bytes);

    /** The transfer is over, well or not. Without a transfer it does nothing. */
    void end();
}
