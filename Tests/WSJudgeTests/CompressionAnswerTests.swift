import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSTranscript

/// What a server accepts is compared with what it was offered, in every conversation.
@Suite struct `Answers to offers of compression` {
    struct Row {
        var offer: String
        var answer: String
        /// What is cited, in order; nothing for a right answer.
        var requirements: [String] = []
        var reason = ""
    }

    private static let rows = [
        Row(offer: "permessage-deflate", answer: "permessage-deflate"),
        Row(offer: "permessage-deflate", answer: "permessage-deflate; server_max_window_bits=\"9\""),
        Row(
            offer: "permessage-deflate; client_max_window_bits=9",
            answer: "permessage-deflate; client_max_window_bits=15"
        ),
        Row(offer: "permessage-deflate; server_max_window_bits=9, permessage-deflate", answer: "permessage-deflate"),
        Row(
            offer: "permessage-deflate",
            answer: "permessage-deflate; level=9",
            requirements: ["RFC6455-9.1-06"],
            reason: "accepted permessage-deflate with level, which is none of its parameters"
        ),
        Row(
            offer: "permessage-deflate",
            answer: "permessage-deflate; server_no_context_takeover=1",
            requirements: ["RFC7692-7.1.1.1-02"],
            reason: "accepted permessage-deflate with server_no_context_takeover=1, which takes no value"
        ),
        Row(
            offer: "permessage-deflate",
            answer: "permessage-deflate; client_no_context_takeover=0",
            requirements: ["RFC7692-7.1.1.2-02"],
            reason: "accepted permessage-deflate with client_no_context_takeover=0, which takes no value"
        ),
        Row(
            offer: "permessage-deflate",
            answer: "permessage-deflate; server_max_window_bits=08",
            requirements: ["RFC7692-7.1.2.1-05"],
            reason: "accepted permessage-deflate with server_max_window_bits=08, which is no number from 8 to 15"
        ),
        Row(
            offer: "permessage-deflate; client_max_window_bits",
            answer: "permessage-deflate; client_max_window_bits",
            requirements: ["RFC7692-7.1.2.2-04"],
            reason: "accepted permessage-deflate with client_max_window_bits and no value for it"
        ),
        Row(
            offer: "permessage-deflate",
            answer: "permessage-deflate; client_max_window_bits=15",
            requirements: ["RFC7692-7.1.2.2-05"],
            reason: "accepted permessage-deflate with client_max_window_bits, which was not offered"
        ),
        Row(
            offer: "permessage-deflate; server_max_window_bits=8",
            answer: "permessage-deflate; server_max_window_bits=9",
            requirements: ["RFC7692-7.1.2.1-04"],
            reason: "accepted permessage-deflate with server_max_window_bits=9, though at most 8 was offered"
        ),
        Row(
            offer: "permessage-deflate; server_max_window_bits=8",
            answer: "permessage-deflate",
            requirements: ["RFC7692-7.1.2.1-04"],
            reason: "accepted permessage-deflate without server_max_window_bits, though at most 8 was offered"
        ),
        Row(
            offer: "permessage-deflate; server_no_context_takeover",
            answer: "permessage-deflate",
            requirements: ["RFC7692-7.1.1.1-03"],
            reason: "accepted permessage-deflate without server_no_context_takeover, which was offered"
        ),
        Row(
            offer: "permessage-deflate",
            answer: "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            requirements: ["RFC6455-9.1-06"],
            reason: "accepted permessage-deflate with server_no_context_takeover more than once"
        ),
        Row(
            offer: "permessage-deflate",
            answer: "permessage-deflate, permessage-deflate",
            requirements: ["RFC7692-5-08"],
            reason: "accepted permessage-deflate 2 times in one answer"
        ),
        Row(
            offer: "permessage-deflate; foo",
            answer: "permessage-deflate",
            requirements: ["RFC7692-7-01"],
            reason: "accepted permessage-deflate though it was offered with foo, which is none of its parameters"
        ),
        Row(
            offer: "permessage-deflate; server_max_window_bits",
            answer: "permessage-deflate",
            requirements: ["RFC7692-7-02"],
            reason: "accepted permessage-deflate though it was offered with server_max_window_bits and no value for it"
        ),
        Row(
            offer: "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            answer: "permessage-deflate",
            requirements: ["RFC7692-7-03"],
            reason: "accepted permessage-deflate though it was offered with client_no_context_takeover more than once"
        ),
        Row(
            offer: "permessage-deflate; server_max_window_bits=8",
            answer: "permessage-deflate; a; b; client_max_window_bits=7",
            requirements: ["RFC6455-9.1-06", "RFC7692-7.1.2.1-04", "RFC7692-7.1.2.2-04", "RFC7692-7.1.2.2-05"]
        ),
    ]

    private static func recording(_ row: Row) -> (Recording, HandshakeResponse) {
        var recording = Recording(
            Catalogue.the("ping/empty"),
            lines: [
                "GET / HTTP/1.1", "Host: peer.example", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Extensions: \(row.offer)",
            ]
        )
        let answer = HandshakeResponse.accepting(key: "dGhlIHNhbXBsZSBub25jZQ==", extensions: [row.answer])
        recording.receive(answer.encode())
        recording.mark(.opened)
        recording.end()
        return (recording, answer)
    }

    @Test func `What a client has to refuse fails the server, and nothing else does`() async {
        await Sweep.each(of: Self.rows) { row in
            let (recording, answer) = Self.recording(row)
            let findings = recording.judgement.findings.filter { $0.rule == "extension-parameters" }
            #expect(Set(findings.map(\.requirement)) == Set(row.requirements))
            #expect(findings.allSatisfy { $0.verdict == .fail && $0.isPassive })
            if !row.reason.isEmpty { #expect(findings.first?.reason == row.reason) }
            guard let evidence = findings.first?.evidence.first else { return }
            let field = answer.encode()[Int(evidence.offset)..<Int(evidence.offset + evidence.length)]
            #expect(String(decoding: field, as: UTF8.self) == "Sec-WebSocket-Extensions: \(row.answer)")
        }
    }

    /// A rule and an outcome of a scenario tell the same mistake by the same name, so that it is one cause.
    @Test func `An answer to an invalid offer has the key of the scenarios that make such offers`() async {
        await Sweep.each(of: Self.rows.filter { $0.reason.contains("though it was offered with") }) { row in
            let findings = Self.recording(row).0.judgement.findings.filter { $0.rule == "extension-parameters" }
            #expect(!findings.isEmpty && findings.allSatisfy { $0.reasonKey == "agreed-to-invalid-offer" })
        }
    }
}
