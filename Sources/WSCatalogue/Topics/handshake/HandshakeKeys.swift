package import WSScenario

extension Catalogue {
    /// Sec-WebSocket-Key and Sec-WebSocket-Version of the opening handshake.
    package enum HandshakeKeys {
        /// Requests without a key, and with an empty one.
        static let missingKeys = [
            ("missing", nil, "Handshake without Sec-WebSocket-Key"), ("empty", "", "Empty Sec-WebSocket-Key"),
            ("blank", "   ", "Sec-WebSocket-Key of blanks"),
        ].map { slug, value, title in
            Scenario.openingRequest(
                "key-\(slug)",
                title,
                "HSQ-19",
                ["RFC6455-4.2.1-09", "RFC6455-4.3-01"],
                value.map { .with("Sec-WebSocket-Key", "Sec-WebSocket-Key: \($0)") } ?? .without("Sec-WebSocket-Key"),
                .mustReject(
                    value == nil
                        ? "accepted a handshake without a key (RFC 6455, 4.2.1)"
                        : "accepted an empty key, which the grammar of the field rules out (RFC 6455, 4.2.1 and 4.3)"
                ).because(value == nil ? .acceptedWithoutKey : .acceptedEmptyKey)
            )
        }

        /// Keys that are not 16 octets in base64; a server need not decode the key.
        static let invalidKeys = [
            ("of-15-octets", "AAECAwQFBgcICQoLDA0O", "Key of 15 octets"),
            ("of-17-octets", "AAECAwQFBgcICQoLDA0ODxA=", "Key of 17 octets"),
            ("of-24-octets", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "Key of 24 octets"),
            ("in-url-alphabet", "-_-_-_-_-_-_-_-_-_-_-g==", "Key in the URL alphabet of base64"),
            ("without-padding", "dGhlIHNhbXBsZSBub25jZQ", "Key without its padding"),
            ("of-asterisks", "************************", "Key of asterisks"),
            ("of-padding", "====", "Key of padding alone"),
        ].map { slug, key, title in
            Scenario.openingRequest(
                "key-\(slug)",
                title,
                "HSQ-20",
                ["RFC6455-4.2.1-10", "RFC6455-4.2.2-07"],
                .with("Sec-WebSocket-Key", "Sec-WebSocket-Key: \(key)"),
                .refusedOrInformational(
                    "accepted a key that is no base64 of 16 octets; 4.2.1 rules it out and 4.2.2 says that a server need "
                        + "not decode it (RFC 6455, 4.2.2)",
                    cites: "RFC6455-4.2.2-07"
                )
            )
        }

        /// The key that the uncorrected RFC shows, whose last character has bits that stand for nothing.
        static let paddingBits = Scenario.openingRequest(
            "key-with-padding-bits",
            "Key whose last character has bits of no octet",
            "HSQ-21",
            ["RFC6455-4.1-27", "RFC6455-4.2.2-21"],
            .with("Sec-WebSocket-Key", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC=="),
            .either()
        )

        /// Requests with two keys.
        static let repeatedKeys = [
            ("repeated", "{key}", "Two Sec-WebSocket-Key lines with the same value"),
            (
                "contradictory", "dGhlIHNhbXBsZSBub25jZQ==", "Two Sec-WebSocket-Key lines with different values"
            ),
        ].map { slug, second, title in
            Scenario.openingRequest(
                "key-\(slug)",
                title,
                "HSQ-22",
                ["RFC6455-11.3.1-01"],
                .with("Sec-WebSocket-Key", "Sec-WebSocket-Key: {key}", "Sec-WebSocket-Key: \(second)"),
                .shouldReject(
                    "accepted two keys; a client must not send them, and that a server refuses them is a reading of 4.2.1 "
                        + "(RFC 6455, 11.3.1)"
                )
            )
        }

        /// A request without a version.
        static let missingVersion = Scenario.openingRequest(
            "version-missing",
            "Handshake without Sec-WebSocket-Version",
            "HSQ-23",
            ["RFC6455-4.2.1-11"],
            .without("Sec-WebSocket-Version"),
            .mustReject("accepted a handshake without Sec-WebSocket-Version (RFC 6455, 4.2.1)").because(
                .acceptedWithoutVersion
            )
        )

        /// Versions that do not exist; the refusal names those that the server supports.
        static let unknownVersions = [25, 14, 255, 9, 12].map { version in
            Scenario.openingRequest(
                "version-\(version)",
                "Sec-WebSocket-Version: \(version)",
                "HSQ-24",
                [
                    "RFC6455-4.4-01", "RFC6455-4.3-07", "RFC6455-11.6-01", "RFC9110-7.8-05", "RFC9110-7.6.1-02",
                    "RFC9110-15.5.22-01", "IANA-version-01",
                ],
                .with("Sec-WebSocket-Version", "Sec-WebSocket-Version: \(version)"),
                .mustReject(
                    "accepted a version of the protocol that does not exist (RFC 6455, 4.2.2)",
                    over: "RFC6455-4.2.2-08"
                )
            )
        }

        /// Values that are not a version, or not 13.
        static let malformedVersions = [
            ("with-leading-zero", "013"), ("with-sign", "+13"), ("with-fraction", "13.0"), ("list", "13, 8"),
            ("256", "256"), ("in-hexadecimal", "0x0d"), ("empty", ""),
        ].map { slug, value in
            Scenario.openingRequest(
                "version-\(slug)",
                value.isEmpty ? "Empty Sec-WebSocket-Version" : "Sec-WebSocket-Version: \(value)",
                "HSQ-25",
                ["RFC6455-4.3-04", "RFC6455-4.2.1-11"],
                .with("Sec-WebSocket-Version", "Sec-WebSocket-Version: \(value)"),
                .mustReject("accepted a Sec-WebSocket-Version other than 13 (RFC 6455, 4.2.1)").because(
                    .acceptedOtherVersion
                )
            )
        }

        /// Requests with two versions.
        static let repeatedVersions = [("repeated", 13), ("contradictory", 8)].map { slug, second in
            Scenario.openingRequest(
                "version-\(slug)",
                "Two Sec-WebSocket-Version lines, 13 and \(second)",
                "HSQ-26",
                ["RFC6455-11.3.5-02"],
                .with("Sec-WebSocket-Version", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: \(second)"),
                .shouldReject(
                    "accepted two versions; a client must not send them, and that a server refuses them is a reading of "
                        + "4.2.1 (RFC 6455, 11.3.5)"
                )
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            missingKeys + invalidKeys + [paddingBits] + repeatedKeys
            + [missingVersion] + unknownVersions + malformedVersions + repeatedVersions
    }
}
