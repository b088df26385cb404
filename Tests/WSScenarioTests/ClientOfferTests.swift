import Testing
import WSProtocol
import WSScenario

@Suite struct `What is offered and agreed on about compression` {
    private static func offers(_ value: String) -> [ExtensionOffer] { ExtensionHeader.parse(value) ?? [] }

    private static let rows: [(value: String, held: Set<ClientOffer>)] = [
        ("x-other", []),
        ("permessage-deflate", [.any, .noClientWindow]),
        ("Permessage-Deflate; client_max_window_bits", [.any, .clientWindow]),
        ("permessage-deflate; client_max_window_bits=9, permessage-deflate", [.any, .clientWindow]),
        ("permessage-deflate; server_max_window_bits=12", [.any, .noClientWindow, .serverWindow]),
        ("permessage-deflate; server_max_window_bits=15", [.any, .noClientWindow]),
        ("permessage-deflate; server_max_window_bits=12, permessage-deflate", [.any, .noClientWindow]),
        ("permessage-deflate; server_no_context_takeover", [.any, .noClientWindow, .serverNoContext]),
        ("permessage-deflate; server_no_context_takeover, permessage-deflate", [.any, .noClientWindow]),
        // What is no valid offer demands nothing and allows nothing.
        ("permessage-deflate; client_max_window_bits=7", [.any, .noClientWindow]),
    ]

    @Test(arguments: rows.indices)
    func `a need of an offer holds for the offers that have it`(row: Int) {
        let (value, held) = Self.rows[row]
        let found = ClientOffer.allCases.filter { $0.holds(for: Self.offers(value)) }
        #expect(Set(found) == held, "\(value)")
    }

    @Test(arguments: [
        ("", [DeflateOffer](), false),
        ("permessage-deflate", [], true),
        ("permessage-deflate", [DeflateOffer()], false),
        ("permessage-deflate; client_max_window_bits=10", [DeflateOffer()], true),
        ("permessage-deflate; client_max_window_bits=10", [DeflateOffer(clientMaxWindowBits: .any)], false),
        ("permessage-deflate; server_max_window_bits=10", [DeflateOffer(serverMaxWindowBits: 9)], true),
        ("permessage-deflate; server_max_window_bits=8", [DeflateOffer(serverMaxWindowBits: 9)], false),
        ("permessage-deflate", [DeflateOffer(serverNoContextTakeover: true)], true),
        ("permessage-deflate", [DeflateOffer(serverNoContextTakeover: true), DeflateOffer()], false),
        ("permessage-deflate; server_max_window_bits=16", [DeflateOffer()], true),
    ])
    func `an answer agrees to something else where it fits none of the valid offers`(
        answer: String,
        valid: [DeflateOffer],
        agrees: Bool
    ) {
        var fields = "HTTP/1.1 101 Switching Protocols\r\n"
        if !answer.isEmpty { fields += "Sec-WebSocket-Extensions: \(answer)\r\n" }
        let negotiation = Negotiation(HTTPHead(kind: .response, raw: Array("\(fields)\r\n".utf8)))
        #expect(negotiation.agreesToCompression(unless: valid) == agrees)
    }

    @Test func `a response of our own has what the client's first offer demands`() {
        let template =
            "HTTP/1.1 101 x\r\nSec-WebSocket-Extensions: permessage-deflate{server-context}{server-window}\r\n\r\n"
        let response = ResponseToSend(template: Array(template.utf8))
        func answer(to offer: String) -> String? {
            let request = HandshakeRequest(host: "a", key: "dGhlIHNhbXBsZSBub25jZQ==", extensions: [offer])
            let octets = response.octets(
                answering: HTTPHead(kind: .request, raw: request.encode()),
                subprotocol: nil
            )
            return HTTPHead(kind: .response, raw: octets).values(of: "Sec-WebSocket-Extensions").first
        }
        #expect(answer(to: "permessage-deflate; client_max_window_bits") == "permessage-deflate")
        #expect(
            answer(to: "permessage-deflate; server_max_window_bits=12; server_no_context_takeover")
                == "permessage-deflate; server_no_context_takeover; server_max_window_bits=12"
        )
    }
}
