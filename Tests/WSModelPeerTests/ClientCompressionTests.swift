import TestSupport
import Testing
import WSDeflate
import WSLink
import WSModelPeer
import WSProtocol

/// A model client that has asked for a connection, and what it does with an answer.
struct AnsweredClient {
    private var client: ModelClient
    private(set) var actions: [LinkAction] = []
    private var seen = 0

    init(_ settings: ModelClientSettings) {
        client = ModelClient(settings)
        client.linkConnected(at: .zero, actions: &actions)
    }

    /// The request, which is the first thing it writes.
    var request: HTTPHead? {
        var decoder = HTTPHeadDecoder(expecting: .request)
        guard case .complete(let head, _) = decoder.feed(written.span) else { return nil }
        return head
    }

    /// Whether it has ended the connection.
    var hasRefused: Bool { actions.contains(.close) }

    private var written: [UInt8] {
        actions.flatMap { action in if case .write(let octets) = action { octets } else { [UInt8]() } }
    }

    /// The frames that it has sent, unmasked.
    var frames: [Conversation.Frame] {
        let rest = Array(written.dropFirst(request?.raw.count ?? 0))
        return Conversation.frames(in: rest)
    }

    /// Lets it have an acceptance with these extensions, a field for each.
    mutating func accept(_ extensions: [String], then frames: [UInt8] = []) {
        var answer = HandshakeResponse.accepting(key: request?.values(of: "Sec-WebSocket-Key").first ?? "")
        answer.fields += extensions.map { HTTPField("Sec-WebSocket-Extensions", $0) }
        let octets = answer.encode() + frames
        client.linkReceived(octets.span, at: .zero, actions: &actions)
    }
}

@Suite("The model client with compressed messages") struct ClientCompressionTests {
    @Test("offers permessage-deflate with client_max_window_bits, or what it is told to")
    func offer() {
        func value(_ settings: ModelClientSettings) -> [String]? {
            AnsweredClient(settings).request?.values(of: "Sec-WebSocket-Extensions")
        }
        #expect(value(ModelClientSettings(host: "a")) == ["permessage-deflate; client_max_window_bits"])
        #expect(value(ModelClientSettings(host: "a", compression: [])) == [])
        #expect(value(ModelClientSettings(host: "a", clientDefects: [.offersNoCompression])) == [])
        let offers = [DeflateOffer(serverMaxWindowBits: 9), DeflateOffer()]
        #expect(
            value(ModelClientSettings(host: "a", compression: offers))
                == ["permessage-deflate; server_max_window_bits=9, permessage-deflate"]
        )
    }

    @Test(
        "takes an answer that fits, and only that",
        arguments: [
            ([], true), (["permessage-deflate"], true), (["permessage-deflate; client_max_window_bits=9"], true),
            ([#"permessage-deflate; server_max_window_bits="10""#], true),
            (["permessage-deflate; server_no_context_takeover; client_no_context_takeover"], true),
            (["permessage-deflate; client_max_window_bits"], false), (["permessage-deflate; foo"], false),
            (["permessage-deflate; server_max_window_bits=16"], false),
            (["permessage-deflate; server_no_context_takeover=1"], false),
            (["permessage-deflate; client_no_context_takeover; client_no_context_takeover"], false),
            (["permessage-deflate, permessage-deflate"], false), (["permessage-deflate", "permessage-deflate"], false),
            (["permessage-deflate, permessage-bzip2"], false), (["x-other"], false),
        ] as [([String], Bool)]
    )
    func answer(extensions: [String], isRight: Bool) {
        var client = AnsweredClient(ModelClientSettings(host: "a"))
        client.accept(extensions)
        #expect(client.hasRefused != isRight)
    }

    @Test("takes no compression that it has not offered, nor more than it asked for")
    func unoffered() {
        var none = AnsweredClient(ModelClientSettings(host: "a", compression: []))
        none.accept(["permessage-deflate"])
        #expect(none.hasRefused)
        let offers = [DeflateOffer(serverNoContextTakeover: true, serverMaxWindowBits: 10)]
        for (answer, isRight) in [
            ("permessage-deflate; server_no_context_takeover; server_max_window_bits=9", true),
            ("permessage-deflate; server_no_context_takeover; server_max_window_bits=11", false),
            ("permessage-deflate; server_max_window_bits=9", false),
            ("permessage-deflate; server_no_context_takeover", false),
        ] {
            var client = AnsweredClient(ModelClientSettings(host: "a", compression: offers))
            client.accept([answer])
            #expect(client.hasRefused != isRight, "\(answer)")
        }
    }

    @Test("keeps to the window and the context that the answer gives it", arguments: [8, 9, 12, 15], [false, true])
    func agreement(bits: Int, keepsContext: Bool) {
        let text = Array((0..<2_000).map { "\($0 % 7)\($0 * $0 % 977) " }.joined().utf8)
        var message: [UInt8] = []
        FrameHeader(opcode: .text, payloadLength: UInt64(text.count)).encode(payload: text.span, into: &message)
        var client = AnsweredClient(ModelClientSettings(host: "a", seed: 1))
        let context = keepsContext ? "" : "; client_no_context_takeover"
        client.accept(["permessage-deflate; client_max_window_bits=\(bits)\(context)"], then: message + message)
        var inflater = Inflater(windowBits: bits)
        let messages = client.frames.map { frame in
            var content: [UInt8] = []
            inflater.inflate(frame.payload.span, into: &content)
            let message = inflater.endMessage(into: &content)
            #expect(content == text)
            return message
        }
        #expect(messages.map(\.isWellFormed) == [true, true])
        #expect(messages.map { $0.reach > 0 } == [false, keepsContext])
        #expect(client.frames.map(\.rsv) == [4, 4])
    }

    // MARK: - Defects

    /// An answer, and whether it shows the defect that it is taken or refused.
    private static let answers: [(defect: ClientDefect, answer: String, isTaken: Bool)] = [
        (.takesUnknownDeflateParameters, "permessage-deflate; foo", true),
        (.takesInvalidWindows, "permessage-deflate; server_max_window_bits=16", true),
        (.takesInvalidWindows, "permessage-deflate; client_max_window_bits", true),
        (.takesTakeoverValues, "permessage-deflate; client_no_context_takeover=1", true),
        (
            .takesRepeatedDeflateParameters,
            "permessage-deflate; client_no_context_takeover; client_no_context_takeover", true
        ),
        (.takesUnofferedClientWindow, "permessage-deflate; client_max_window_bits=15", true),
        (.takesLargerServerWindow, "permessage-deflate; server_max_window_bits=11", true),
        (.takesLargerServerWindow, "permessage-deflate", true),
        (.takesMissingServerContext, "permessage-deflate", true),
        (.takesCompressionTwice, "permessage-deflate, permessage-deflate", true),
        (.refusesUnaskedPromises, "permessage-deflate; server_max_window_bits=9", false),
        (.refusesUnaskedPromises, "permessage-deflate; server_no_context_takeover", false),
        (.refusesClientContextDemand, "permessage-deflate; client_no_context_takeover", false),
        (.refusesQuotedWindows, #"permessage-deflate; client_max_window_bits="9""#, false),
        (.refusesSmallestWindow, "permessage-deflate; client_max_window_bits=8", false),
        (.refusesLargerClientWindow, "permessage-deflate; client_max_window_bits=15", false),
        (.refusesBlanksInExtensions, "permessage-deflate ; server_max_window_bits=10", false),
        (.keepsBackslashes, #"permessage-deflate; server_max_window_bits="1\0""#, false),
    ]

    @Test("has defects that take or refuse what the correct one does not")
    func answerDefects() async {
        await Sweep.each(of: Self.answers) { row in
            var settings = ModelClientSettings(host: "a", clientDefects: [row.defect])
            var client = AnsweredClient(settings)
            client.accept([row.answer])
            #expect(client.hasRefused != row.isTaken)
            // The correct client with the same offer.
            let offers = client.request?.values(of: "Sec-WebSocket-Extensions").flatMap {
                (ExtensionHeader.parse($0) ?? []).compactMap { DeflateOffer($0) }
            }
            settings.clientDefects = []
            settings.compression = offers ?? []
            var correct = AnsweredClient(settings)
            correct.accept([row.answer])
            #expect(correct.hasRefused == row.isTaken)
        }
    }

    @Test(
        "has defects that offer what is not valid",
        arguments: [
            (.offersInvalidServerWindow, "missing-value"), (.offersInvalidClientWindow, "invalid-value"),
            (.offersTakeoverValues, "unexpected-value"), (.offersParameterTwice, "repeated-parameter"),
        ] as [(ClientDefect, String)]
    )
    func offerDefects(defect: ClientDefect, problem: String) {
        func problems(_ defects: Set<ClientDefect>) -> Set<String> {
            let client = AnsweredClient(ModelClientSettings(host: "a", clientDefects: defects))
            let offers = client.request?.values(of: "Sec-WebSocket-Extensions").flatMap {
                ExtensionHeader.parse($0) ?? []
            }
            return Set((offers ?? []).flatMap { DeflateNegotiation.problems(ofForm: $0) }.map(\.name))
        }
        #expect(problems([defect]) == [problem])
        #expect(problems([]) == [])
    }
}
