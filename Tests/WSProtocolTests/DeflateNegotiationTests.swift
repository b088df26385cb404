import TestSupport
import Testing
import WSProtocol

@Suite struct `Negotiation of compression` {
    /// An offer, the answer to it, and the names of what is wrong with the answer.
    private static let answers: [(offer: String, answer: String, problems: [String])] = [
        ("", "", []), ("permessage-deflate", "", []), ("permessage-deflate", "x-other", []),
        ("permessage-deflate", "permessage-deflate", []), ("permessage-deflate", "Permessage-Deflate", []),
        ("", "permessage-deflate", ["not-offered"]), ("x-other", "permessage-deflate", ["not-offered"]),
        (#"foo; x="permessage-deflate""#, "permessage-deflate", ["not-offered"]),
        ("foo; permessage-deflate", "permessage-deflate", ["not-offered"]),
        ("x-permessage-deflate", "permessage-deflate", ["not-offered"]),

        // The form of an answer.
        ("permessage-deflate", "permessage-deflate; level=9", ["unknown-parameter"]),
        ("permessage-deflate", "permessage-deflate; level; level", ["unknown-parameter", "unknown-parameter"]),
        ("permessage-deflate", "permessage-deflate; server_no_context_takeover=1", ["unexpected-value"]),
        ("permessage-deflate", "permessage-deflate; client_no_context_takeover=true", ["unexpected-value"]),
        ("permessage-deflate", "permessage-deflate; server_max_window_bits", ["missing-value"]),
        (
            "permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits",
            ["missing-value"]
        ),
        (
            "permessage-deflate", "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            ["repeated-parameter"]
        ),
        (
            "permessage-deflate", "permessage-deflate; server_max_window_bits=9; Server_Max_Window_Bits=10",
            ["repeated-parameter"]
        ),

        // What was asked for and what was not.
        ("permessage-deflate", "permessage-deflate; server_no_context_takeover", []),
        ("permessage-deflate", "permessage-deflate; client_no_context_takeover", []),
        ("permessage-deflate", "permessage-deflate; server_max_window_bits=8", []),
        (#"permessage-deflate"#, #"permessage-deflate; server_max_window_bits="10""#, []),
        ("permessage-deflate", "permessage-deflate; client_max_window_bits=10", ["unoffered-client-window"]),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=8", []),
        ("permessage-deflate; client_max_window_bits=9", "permessage-deflate; client_max_window_bits=15", []),
        ("permessage-deflate; server_no_context_takeover", "permessage-deflate", ["missing-server-context"]),
        ("permessage-deflate; client_no_context_takeover", "permessage-deflate", []),
        ("permessage-deflate; server_max_window_bits=10", "permessage-deflate", ["missing-server-window"]),
        (
            "permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=11",
            ["larger-server-window"]
        ),
        ("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=10", []),
        ("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=8", []),
        ("permessage-deflate; server_max_window_bits=15", "permessage-deflate", ["missing-server-window"]),
        (
            "permessage-deflate; server_max_window_bits=10; server_no_context_takeover",
            "permessage-deflate; client_max_window_bits=16",
            ["invalid-value", "missing-server-context", "missing-server-window", "unoffered-client-window"]
        ),

        // Several offers: one that fits is enough.
        ("permessage-deflate; server_max_window_bits=10, permessage-deflate", "permessage-deflate", []),
        (
            "permessage-deflate; server_max_window_bits=10, permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=12", []
        ),
        (
            "permessage-deflate; server_max_window_bits=9; server_no_context_takeover, "
                + "permessage-deflate; server_max_window_bits=10",
            "permessage-deflate; server_max_window_bits=12", ["larger-server-window"]
        ),
        ("foo; client_max_window_bits, permessage-deflate", "permessage-deflate", []),
        (
            "foo; client_max_window_bits, permessage-deflate", "permessage-deflate; client_max_window_bits=9",
            ["unoffered-client-window"]
        ),

        // Offers that have to be declined.
        ("permessage-deflate; foo", "permessage-deflate", ["invalid-offer"]),
        ("permessage-deflate; foo; bar; server_no_context_takeover=1", "permessage-deflate", ["invalid-offer"]),
        ("permessage-deflate; foo, permessage-deflate", "permessage-deflate", []),
        ("permessage-deflate; server_max_window_bits=16", "permessage-deflate", ["invalid-offer"]),
        (
            "permessage-deflate; server_max_window_bits=08, permessage-deflate; client_max_window_bits",
            "permessage-deflate; server_max_window_bits=8", []
        ),

        // More than one element.
        ("permessage-deflate", "permessage-deflate, permessage-deflate", ["repeated-element"]),
        ("permessage-deflate, permessage-bzip2", "permessage-deflate, permessage-bzip2", ["shared-reserved-bit"]),
        ("x-webkit-deflate-frame, permessage-deflate", "x-webkit-deflate-frame", []),
    ]

    @Test func `An answer is right if it fits any valid offer`() async {
        await Sweep.each(of: Self.answers) { offer, answer, expected in
            let problems = DeflateNegotiation.problems(of: elements(answer), to: elements(offer))
            #expect(problems.map(\.name) == expected)
        }
    }

    @Test func `A window is one of 8 to 15 without zeros before it`() async {
        let invalid = ["7", "16", "0", "08", "015", "-1", "+9", "9.0", "abc", "8a", "99999999999999999999", "1٠"]
        await Sweep.each(of: [DeflateParameter.serverMaxWindowBits, .clientMaxWindowBits], and: invalid) {
            parameter,
            value in
            let element = ExtensionOffer(
                name: "permessage-deflate",
                parameters: [ExtensionParameter(name: parameter.rawValue, value: value)]
            )
            #expect(DeflateNegotiation.problems(ofForm: element) == [.invalidValue(parameter, value)])
            #expect(DeflateOffer(element) == nil)
            #expect(DeflateAnswer(element) == nil)
        }
        for bits in 8...15 { #expect(DeflateParameters.windowBits("\(bits)") == bits) }
    }

    @Test func `An offer may have client_max_window_bits without a value, an answer may not`() {
        let element = ExtensionOffer(
            name: "permessage-deflate",
            parameters: [ExtensionParameter(name: "client_max_window_bits")]
        )
        #expect(DeflateOffer(element) == DeflateOffer(clientMaxWindowBits: .any))
        #expect(DeflateAnswer(element) == nil)
        #expect(DeflateNegotiation.problems(ofForm: element, isAnswer: true) == [.missingValue(.clientMaxWindowBits)])
    }

    @Test func `Of ten thousand unknown parameters the first are told`() {
        let element = ExtensionOffer(
            name: "permessage-deflate",
            parameters: (0..<10_000).map { ExtensionParameter(name: "p\($0)") }
        )
        let problems = DeflateNegotiation.problems(of: [element], to: elements("permessage-deflate"))
        #expect(problems.count == 64)
        #expect(problems.first == .unknownParameter("p0"))
    }

    // MARK: - Choosing

    @Test(arguments: [
        ("", nil),
        ("x-other", nil),
        ("permessage-deflate; foo", nil),
        ("permessage-deflate; server_max_window_bits", nil),
        ("permessage-deflate; client_no_context_takeover; client_no_context_takeover", nil),
        ("permessage-deflate", "permessage-deflate"),
        ("permessage-deflate; foo, permessage-deflate", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits=9; client_no_context_takeover", "permessage-deflate"),
        ("permessage-deflate; server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9"),
        (
            #"permessage-deflate; server_max_window_bits="9"; server_no_context_takeover, permessage-deflate"#,
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=9"
        ),
        ("permessage-deflate, permessage-deflate; server_max_window_bits=9", "permessage-deflate"),
    ])
    func `A server accepts the first valid offer, with what it demands`(offer: String, answer: String?) {
        let chosen = DeflateNegotiation.answer(to: elements(offer), supporting: [DeflateAnswer()])
        #expect(chosen?.element.text == answer)
    }

    @Test func `A server with wishes of its own has them where an offer permits them`() {
        let limited = DeflateAnswer(serverMaxWindowBits: 12, clientMaxWindowBits: 10)
        func answer(_ offer: String, _ answers: [DeflateAnswer]) -> String? {
            DeflateNegotiation.answer(to: elements(offer), supporting: answers)?.element.text
        }
        #expect(answer("permessage-deflate", [limited]) == nil)
        #expect(answer("permessage-deflate", [limited, DeflateAnswer()]) == "permessage-deflate")
        #expect(
            answer("permessage-deflate; client_max_window_bits; server_max_window_bits=15", [limited])
                == "permessage-deflate; server_max_window_bits=12; client_max_window_bits=10"
        )
        #expect(
            answer("permessage-deflate, permessage-deflate; client_max_window_bits", [limited, DeflateAnswer()])
                == "permessage-deflate"
        )
        #expect(answer("permessage-deflate", []) == nil)
    }

    @Test func `What a server answers fits what was offered`() async {
        let booleans = [false, true]
        let windows: [Int?] = [nil] + (8...15).map { $0 }
        let hints: [DeflateOffer.ClientWindow?] = [nil, .any, .atMost(8), .atMost(15)]
        let answers = [
            DeflateAnswer(), DeflateAnswer(serverNoContextTakeover: true, serverMaxWindowBits: 10),
            DeflateAnswer(clientNoContextTakeover: true, clientMaxWindowBits: 9),
        ]
        await Sweep.each(of: windows, and: hints) { window, hint in
            for server in booleans {
                for client in booleans {
                    let offer = DeflateOffer(
                        serverNoContextTakeover: server,
                        clientNoContextTakeover: client,
                        serverMaxWindowBits: window,
                        clientMaxWindowBits: hint
                    )
                    #expect(DeflateOffer(offer.element) == offer)
                    for answer in answers {
                        let chosen = DeflateNegotiation.answer(to: [offer.element], supporting: [answer])
                        #expect((chosen == nil) == (answer.clientMaxWindowBits != nil && hint == nil))
                        guard let chosen else { continue }
                        #expect(DeflateAnswer(chosen.element) == chosen)
                        #expect(DeflateNegotiation.problems(of: [chosen.element], to: [offer.element]).isEmpty)
                    }
                }
            }
        }
    }

    private func elements(_ value: String) -> [ExtensionOffer] { ExtensionHeader.parse(value) ?? [] }

    @Test func `An answer keeps what it says, and gets what the offer demands`() {
        let own = DeflateAnswer(serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: 10)
        #expect(own.fitting(DeflateOffer()) == own)
        let plain = DeflateAnswer()
        let demand = DeflateOffer(serverNoContextTakeover: true, serverMaxWindowBits: 9)
        #expect(plain.fitting(demand) == DeflateAnswer(serverNoContextTakeover: true, serverMaxWindowBits: 9))
        let smaller = own.fitting(DeflateOffer(serverMaxWindowBits: 9))
        #expect(smaller?.serverMaxWindowBits == 9 && smaller?.serverNoContextTakeover == true)
        #expect(own.fitting(DeflateOffer(serverMaxWindowBits: 12))?.serverMaxWindowBits == 10)
        let limiting = DeflateAnswer(clientMaxWindowBits: 9)
        #expect(limiting.fitting(DeflateOffer()) == nil)
        #expect(limiting.fitting(DeflateOffer(clientMaxWindowBits: .any)) == limiting)
    }
}
