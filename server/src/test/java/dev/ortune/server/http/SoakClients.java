package dev.ortune.server.http;

import dev.ortune.server.Question;
import dev.ortune.server.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** Good and bad clients, each on a thread of its own, without a pause until they are stopped. */
final class SoakClients {
    private static final int ASKING = 6;
    private static final int DRIPPING = 8;

    /** What is wrong, and how it is refused. */
    private static final Map<String, Integer> BAD = Map.of(
            RawClient.post("/predict", "{\"inputs\": 7}"), 422,
            RawClient.post("/predict", "{\"inputs\": \"" + "w1 ".repeat(40) + "\"}"), 422,
            RawClient.post("/models/tiny", "{\"inputs\": \"\"}"), 400,
            RawClient.post("/models/none", "{\"inputs\": \"w1\"}"), 404,
            RawClient.post("/v2/models/tiny/infer", "{\"inputs\": [{\"shape\": [99]}]}"), 400,
            RawClient.post("/interpret", "{\"inputs\": [["), 422,
            RawClient.post("/predict", "{\"inputs\": \"" + "x".repeat(60_000) + "\"}"), 413,
            RawClient.get("/predict"), 405);

    /** Asked and left; the server may well have answered already. */
    private static final String UNWANTED = RawClient.post(
            "/models/tiny", "{\"inputs\": [" + String.join(", ", Collections.nCopies(32, "\"w1 w2 w3\"")) + "]}");

    private final int port;
    private final SSLContext tls;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    final AtomicLong answered = new AtomicLong();
    final AtomicLong turnedAway = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong hungUp = new AtomicLong();
    final AtomicLong cutOff = new AtomicLong();

    /**
     * None is started yet.
     *
     * @param tls null for HTTP in the clear
     */
    SoakClients(int port, SSLContext tls) {
        this.port = port;
        this.tls = tls;
    }

    @FunctionalInterface
    private interface Turn {
        void take(Random random) throws IOException, InterruptedException;
    }

    void start() {
        for (int i = 0; i < ASKING; i++) {
            start(this::ask);
        }
        start(this::askWrongly);
        start(this::hangUp);
        for (int i = 0; i < DRIPPING; i++) {
            start(random -> drip());
        }
    }

    private void start(Turn turn) {
        Random random = new Random(threads.size());
        Thread thread = new Thread(
                () -> {
                    while (!over && wrong.isEmpty()) {
                        try {
                            turn.take(random);
                        } catch (IOException | InterruptedException | RuntimeException e) {
                            wrong.add(Thread.currentThread().getName() + ": " + e);
                        }
                    }
                },
                "soak-client-" + threads.size());
        threads.add(thread);
        thread.start();
    }

    void stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** A conversation over one connection. */
    private void ask(Random random) throws IOException {
        try (RawClient client = connect()) {
            for (int i = 0; i < 50 && !over; i++) {
                Question question = Question.any(random);
                client.send(RawClient.post(question.path(), question.json()));
                RawClient.Answer answer = client.receive();
                if (answer != null && answer.status() == 429 && answer.head().contains("Retry-After: ")) {
                    turnedAway.incrementAndGet();
                } else if (answer != null && answer.status() == 200 && question.isAnsweredBy(answer.body())) {
                    answered.incrementAndGet();
                } else {
                    wrong.add(question + " -> " + answer);
                }
            }
        }
    }

    private void askWrongly(Random random) throws IOException, InterruptedException {
        for (Map.Entry<String, Integer> bad : BAD.entrySet()) {
            try (RawClient client = connect()) {
                client.send(bad.getKey());
                RawClient.Answer answer = client.receive();
                if (answer == null || answer.status() != bad.getValue()) {
                    wrong.add(bad + " -> " + answer);
                }
                refused.incrementAndGet();
            }
            Thread.sleep(random.nextInt(10));
        }
    }

    private void hangUp(Random random) throws IOException, InterruptedException {
        RawClient client = connect();
        client.send(random.nextBoolean() ? UNWANTED : UNWANTED.substring(0, random.nextInt(UNWANTED.length())));
        Thread.sleep(random.nextInt(20));
        if (random.nextBoolean()) {
            client.reset();
        } else {
            client.close();
        }
        hungUp.incrementAndGet();
    }

    /** Sends a byte now and then, until the server has enough of it. */
    private void drip() throws IOException, InterruptedException {
        try (RawClient client = connect()) {
            for (int at = 0; at < UNWANTED.length() && !over; at++) {
                client.send(UNWANTED.substring(at, at + 1));
                Thread.sleep(50);
            }
        } catch (IOException closed) {
            cutOff.incrementAndGet();
        }
    }

    @Override
    public String toString() {
        return answered + " answered rightly, " + turnedAway + " turned away, " + refused + " refused, " + hungUp
                + " hung up, " + cutOff + " cut off";
    }

    RawClient connect() throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        return new RawClient(tls == null ? plain : tls.getSocketFactory().createSocket(plain, "localhost", port, true));
    }
}
