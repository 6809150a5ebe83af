package dev.ortune.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a certificate for localhost, made on the spot.
 *
 * @param certificate PEM
 * @param key PEM
 * @param trusting what a client needs to believe the certificate
 */
public record SelfSigned(Path certificate, Path key, SSLContext trusting) {
    private static final String PASSWORD = "changeit";

    /** Makes cert.pem and key.pem in a folder. */
    public static SelfSigned in(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve("made.p12");
        Files.deleteIfExists(store);
        generate(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD.toCharArray());
        }
        byte[] key = keys.getKey("made", PASSWORD.toCharArray()).getEncoded();
        byte[] certificate = keys.getCertificate("made").getEncoded();
        return new SelfSigned(
                Files.writeString(folder.resolve("cert.pem"), pem("CERTIFICATE", certificate)),
                Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", key)),
                trusting(keys));
    }

    private static void generate(Path store) throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String file = store.toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keystore",
                        file,
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "made",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=DNS:localhost,IP:127.0.0.1")
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
    }

    private static String pem(String type, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }

    private static SSLContext trusting(KeyStore keys) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("made", keys.getCertificate("made"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
