package dev.ortune.server.jetty;

import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.pem.util.PemUtils;

/**
 * What the server proves with who it is.
 *
 * @param certificate PEM: its certificate, then those that lead to one which clients trust
 * @param key PEM: the private key, not encrypted
 */
public record Tls(Path certificate, Path key) {
    public Tls {
        if (certificate == null || key == null) {
            throw new OrtuneException("--tls-cert-file and --tls-key-file belong together");
        }
    }

    /**
     * Reads the files.
     *
     * @throws OrtuneException when one is missing or is not what it should be
     */
    SSLContext context() {
        String certificates = read(certificate);
        String privateKey = read(key);
        List<? extends Certificate> chain;
        PrivateKey secret;
        try {
            chain = PemUtils.parseCertificate(certificates);
        } catch (RuntimeException e) {
            throw new OrtuneException(certificate + ": holds no certificate in PEM", e);
        }
        try {
            secret = PemUtils.parsePrivateKey(privateKey);
        } catch (RuntimeException e) {
            throw new OrtuneException(key + ": holds no private key in PEM, or an encrypted one", e);
        }
        requirePair(chain.get(0).getPublicKey(), secret);
        try {
            return SSLFactory.builder()
                    .withIdentityMaterial(secret, new char[0], chain.toArray(Certificate[]::new))
                    .build()
                    .getSslContext();
        } catch (RuntimeException e) {
            throw new OrtuneException(certificate + ", " + key + ": cannot be used for TLS", e);
        }
    }

    /** What the one signs the other must verify; else every handshake would fail, one by one. */
    private void requirePair(PublicKey proven, PrivateKey secret) {
        byte[] message = {1, 2, 3};
        boolean pair;
        try {
            Signature signature = Signature.getInstance(
                    switch (secret.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> secret.getAlgorithm();
                    });
            signature.initSign(secret);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(proven);
            signature.update(message);
            pair = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new OrtuneException(key + ": is not the key of " + certificate, e);
        }
        if (!pair) {
            throw new OrtuneException(key + ": is not the key of " + certificate);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read", e);
        }
    }
}
