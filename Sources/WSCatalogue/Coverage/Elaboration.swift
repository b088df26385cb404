/// Requirements that describe another one in detail, so that a finding about the whole also shows the part.
///
/// The whole has a keyword and can decide a failure; its parts are steps, grammar or prose, which alone may not. A part
/// counts as exercised (``Exercise``) only if the scenario lists it or a rule checks it in every conversation, and if
/// the defect names both.
package struct Elaboration: Sendable {
    /// The id of the requirement that findings cite.
    package let whole: String
    /// The ids of the requirements that describe it in detail.
    package let parts: Set<String>
    /// Why the parts belong to the whole.
    package let reason: String

    /// The detailed requirements that may be violated together with this one.
    package static func parts(of whole: String) -> Set<String> { table[whole] ?? [] }

    private init(_ whole: String, _ reason: String, _ parts: String...) {
        func full(_ id: String) -> String { id.first?.isLetter == true ? id : "RFC6455-" + id }
        self.whole = full(whole)
        self.parts = Set(parts.map(full))
        self.reason = reason
    }

    private static let table: [String: Set<String>] = all.reduce(into: [:]) { table, elaboration in
        table[elaboration.whole, default: []].formUnion(elaboration.parts)
    }

    /// All elaborations.
    package static let all: [Elaboration] = ofRequests + ofAnswers + ofFrames + ofFailures + ofEnds + ofCompression

    private static let ofRequests = [
        Elaboration(
            "4.2.1-01",
            "A handshake that does not match the list of 4.2.1 is refused.",
            "4.2.1-02",
            "4.2.1-04",
            "4.2.1-05",
            "4.2.1-07",
            "4.2.1-09",
            "4.2.1-10",
            "4.2.1-11",
            "8.1-03",
            "RFC9110-9.1-03",
            "RFC9112-2.3-01"
        ),
        Elaboration("RFC9110-7.8-06", "HTTP/1.0 is no version that 4.2.1 takes.", "4.2.1-02"),
        Elaboration("RFC9110-7.8-03", "An Upgrade without websocket is none that 4.2.1 takes.", "4.2.1-05"),
        Elaboration("RFC9112-3.2-04", "A request without Host is none that 4.2.1 takes.", "4.2.1-04"),
        Elaboration("4.2.2-08", "A version is unknown that is not the one of the registry.", "IANA-version-01"),
        Elaboration(
            "4.2.2-01",
            "A handshake that matches is accepted, however its fields are written.",
            "4.2.1-03",
            "4.2.1-06",
            "4.2.1-08",
            "4.2.1-13",
            "4.2.1-14",
            "4.2.1-15",
            "4.2.1-16",
            "4.2.1-17",
            "4.2.1-18",
            "4.3-08",
            "9.1-03",
            "RFC7692-5.2-01",
            "RFC9110-5.1-01",
            "RFC9110-5.2-01",
            "RFC9110-5.6.4-01",
            "RFC9110-7.6.1-01",
            "RFC9110-7.8-01"
        ),
        Elaboration(
            "RFC9112-3.2.2-01",
            "Who accepts the absolute form reads resource and host in it.",
            "4.2.1-03",
            "RFC9112-3.2.2-02"
        ),
        Elaboration("RFC9110-5.6.1.2-01", "Empty elements stand in lists.", "RFC9110-5.2-01", "4.3-08", "4.1-49"),
        Elaboration("RFC9110-5.5-01", "Whitespace around a value is no part of it.", "RFC9112-5.1-02"),
        Elaboration("RFC9112-6.3-04", "A request with content ends behind it.", "RFC9110-7.8-11"),
        Elaboration("RFC9112-6.3-03", "A server that has to close over a request ends the connection.", "7.2.2-01"),
        Elaboration("RFC9112-6.1-02", "Content that is not read ends the connection.", "RFC9112-9.3-01"),
        Elaboration(
            "4.1-22",
            "The target of a request is the resource name of section 3.",
            "3-05",
            "3-06",
            "4.1-03",
            "11.1.1-03"
        ),
        Elaboration("RFC9112-3.2.1-01", "The target of a request is path and query.", "3-05", "3-06", "11.1.1-03"),
        Elaboration("11.1.1-02", "An address with other octets is none of section 3.", "4.1-03"),
        Elaboration("RFC9112-3.2-03", "Host has no user in it, nor has the resource name.", "11.1.1-03"),
        Elaboration("3-02", "An escape belongs to the query that it stands in.", "3-06"),
        Elaboration("4.1-33", "A version that is no number from 0 to 255 is not 13.", "4.3-04", "11.6-01"),
        Elaboration("3-01", "An address with a fragment is none that 4.1 takes.", "4.1-04"),
    ]

    private static let ofAnswers = [
        Elaboration(
            "4.1-55",
            "An answer that 4.2.2 does not allow fails the connection.",
            "4.1-41",
            "7.2.1-01",
            "8.1-03",
            "RFC9110-15-01"
        ),
        Elaboration("4.1-51", "A wrong accept value fails the connection.", "7.2.1-01"),
        Elaboration("4.1-54", "A subprotocol that was not offered fails the connection.", "7.2.1-01", "8.1-03"),
        Elaboration(
            "4.1-57",
            "An answer that 4.2.2 allows opens the connection, however its fields are written.",
            "4.1-46",
            "4.1-49",
            "4.1-52",
            "4.1-56",
            "4.2.2-23",
            "4.3-08",
            "9.1-03",
            "RFC7692-5.2-01",
            "RFC9110-5.6.4-01",
            "RFC9110-5.1-01",
            "RFC9110-5.2-01",
            "RFC9110-5.5-01",
            "RFC9110-5.6.1.2-01",
            "RFC9110-7.6.1-01",
            "RFC9110-7.8-01",
            "RFC9112-5.1-02",
            "RFC9112-6.3-01"
        ),
        Elaboration("RFC9110-15.2-02", "An interim response ends where its head does.", "RFC9112-6.3-01"),
    ]

    private static let ofFrames = [
        Elaboration(
            "6.2-01",
            "Data that is parsed as frames of 5.2 comes back as it was sent, and only so is the echo one.",
            "4.2.2-23",
            "5.2-06",
            "5.2-07",
            "5.2-08",
            "5.2-12",
            "5.3-05",
            "5.3-06",
            "5.6-03",
            "6.1-03",
            "6.1-05",
            "6.1-06",
            "6.1-09",
            "6.2-03",
            "6.2-04"
        ),
        Elaboration("6.2-06", "Masking is removed with the key of the frame.", "5.3-05", "5.3-06", "5.3-07"),
        Elaboration(
            "5.4-10",
            "A fragmented message is received as the one that its fragments make up.",
            "5.4-03",
            "5.4-06",
            "5.4-16",
            "5.6-02",
            "5.6-03",
            "6.2-03",
            "6.2-04"
        ),
        Elaboration("5.5.2-02", "A Pong with other data does not answer the Ping.", "5.5.3-01"),
    ]

    private static let ofFailures =
        ["5.1-03", "5.2-03", "5.2-05", "8.1-01", "10.7-01"].map { rule in
            Elaboration(rule, "For a server, to fail a connection means to close it.", "7.1.7-02")
        }
        + ["5.1-06", "5.2-03", "5.2-05", "8.1-01", "10.7-01"].map { rule in
            Elaboration(rule, "For a client, to fail a connection means to close it.", "7.1.7-01")
        }
        + [
            Elaboration(
                "7.1.7-03",
                "A Close frame has the code of the error.",
                "5.1-04",
                "5.1-07",
                "7.4.1-07",
                "7.4.1-13",
                "10.7-03"
            )
        ]

    private static let ofEnds = [
        Elaboration(
            "5.5.1-12",
            "A server that has sent and received Close closes TCP, and does so first.",
            "5.5.1-11",
            "5.5.1-15",
            "7.1.1-03",
            "7.1.2-02"
        ),
        Elaboration("5.5.1-11", "Who has sent and received Close closes TCP.", "5.5.1-15", "7.1.2-02"),
        Elaboration("5.5.1-13", "A client waits for the end of TCP when it closes.", "7.1.1-06"),
    ]

    private static let ofCompression =
        ["5.2-02", "5.2-03"].map { rule in
            Elaboration(rule, "Without an agreement both sides go on without compression.", "RFC7692-5-14")
        }
        + ["RFC7692-7.2.2-03", "RFC7692-7.2.2-05"].map { rule in
            Elaboration(rule, "The window is that behind the last compressed message.", "RFC7692-7.2.3-01")
        }
        + [
            Elaboration("5.2-03", "RSV2 and RSV3 have no meaning with permessage-deflate either.", "5.2-04"),
            Elaboration("8.1-01", "What is inflated has to be UTF-8 like any other text.", "RFC7692-6.1-08"),
            Elaboration(
                "RFC7692-5-15",
                "An answer that no offer permits is an invalid one.",
                "RFC7692-7-09",
                "RFC7692-7.1.2.2-06"
            ),
            Elaboration("RFC7692-6.1-03", "A control frame that is compressed has RSV1.", "RFC7692-6-01"),
            Elaboration(
                "RFC7692-6.2-01",
                "A compressed message comes back as it was sent, and only so is the echo one.",
                "RFC7692-6-02",
                "RFC7692-6.1-07",
                "RFC7692-6.1-09",
                "RFC7692-7.2.2-01",
                "RFC7692-7.2.3-01",
                "RFC7692-7.2.3-02",
                "RFC7692-7.2.3-03"
            ),
            Elaboration("RFC7692-6.2-02", "An uncompressed message is one without RSV1.", "RFC7692-6-03"),
            Elaboration(
                "RFC7692-7.1.2.1-04",
                "A server that answers without the window that it was asked for does not support it, and declines.",
                "RFC7692-7-04",
                "RFC7692-7.1.2.1-03"
            ),
            Elaboration(
                "RFC7692-7.2.1-14",
                "A client that exceeds a window which it has accepted does not support it, and fails the connection.",
                "RFC7692-7-08"
            ),
            Elaboration(
                "RFC7692-7.2.2-03",
                "A client that does not forbid the server to refer to earlier messages can inflate such ones.",
                "RFC7692-7.1.1.1-07"
            ),
            Elaboration(
                "RFC7692-7.2.2-05",
                "A server that does not forbid the client to refer to earlier messages can inflate such ones.",
                "RFC7692-7.1.1.2-04"
            ),
            Elaboration(
                "RFC7692-7.2.2-07",
                "A client with a smaller window says so in its offer.",
                "RFC7692-5-04",
                "RFC7692-7.1.2.1-08"
            ),
            Elaboration(
                "RFC7692-7.2.2-09",
                "A server with a smaller window says so in its answer.",
                "RFC7692-7.1.2.2-08"
            ),
        ]
}
