import TestSupport
import Testing
import WSHTTP2

@Suite struct `HTTP/2 observer and messages` {
    /// A section or DATA of a server.
    enum Part: Sendable {
        case section([(String, String)], endStream: Bool)
        case data(Int, endStream: Bool)
    }

    /// What a server answers to a request, and the rules that it breaks.
    struct Answer: Sendable {
        var name: String
        var method: String
        var parts: [Part]
        var rules: [HTTP2Rule]

        init(_ name: String, to method: String = "GET", _ parts: [Part], _ rules: HTTP2Rule...) {
            self.name = name
            self.method = method
            self.parts = parts
            self.rules = rules
        }
    }

    private static func head(_ status: String, length: Int? = nil, endStream: Bool = false) -> Part {
        .section([(":status", status)] + (length.map { [("content-length", "\($0)")] } ?? []), endStream: endStream)
    }

    private static func more(_ count: Int) -> Part { .data(count, endStream: false) }
    private static func last(_ count: Int) -> Part { .data(count, endStream: true) }

    static let answers = [
        Answer("with content", [head("200"), last(3)]),
        Answer(
            "with interim responses and trailers",
            [head("103"), head("100"), head("200"), more(1), .section([("trailer", "x")], endStream: true)]
        ),
        Answer("content-length that fits", [head("200", length: 3), more(1), last(2)]),
        Answer("too little", [head("200", length: 3), last(2)], .contentLengthMismatch),
        Answer("too much", [head("200", length: 3), more(4), last(4)], .contentLengthMismatch),
        Answer("nothing at all", [head("200", length: 3, endStream: true)], .contentLengthMismatch),
        Answer("HEAD", to: "HEAD", [head("200", length: 3, endStream: true)]),
        Answer("304", [head("304", length: 3, endStream: true)]),
        Answer("DATA first", [more(1)], .dataBeforeHeaders),
        Answer("interim with END_STREAM", [head("103", endStream: true)], .interimWithEnd),
        Answer(
            "trailers that do not end",
            [head("200"), .section([("a", "b")], endStream: false)],
            .trailersWithoutEnd
        ),
        Answer("pseudo-header field in trailers", [head("200"), head("200", endStream: true)], .pseudoUndefined),
        Answer("101", [head("101")], .statusSwitchingProtocols),
        Answer("no status", [.section([("a", "b")], endStream: true)], .pseudoMissing),
        Answer("CONNECT refused, with content", to: "CONNECT", [head("404", length: 1), last(1)]),
        Answer(
            "CONNECT, with content-length",
            to: "CONNECT",
            [head("200", length: 0), more(1)],
            .contentLengthInConnect
        ),
    ]

    @Test
    func `Each answer is judged as section 8.1 has it`() {
        for answer in Self.answers {
            let method = answer.method
            for feeding in Feeding.anywhere {
                var conversation = Conversation.begun(role: .client, feeding)
                let request =
                    method == "CONNECT"
                    ? Fields.webSocket
                    : [FieldLine(":method", method)] + Fields.request.dropFirst()
                let frames = conversation.block(request, on: 1, .sent, endStream: method != "CONNECT")
                conversation.feed(frames, .sent)
                for part in answer.parts {
                    switch part {
                    case .section(let lines, let endStream):
                        let fields = lines.map { FieldLine($0.0, $0.1) }
                        let frames = conversation.block(fields, on: 1, .received, endStream: endStream)
                        conversation.feed(frames, .received)
                    case .data(let count, let endStream):
                        let octets = [UInt8](repeating: 0x61, count: count)
                        conversation.feed([.data(octets, on: 1, endStream: endStream)], .received)
                    }
                }
                #expect(conversation.events.rules == answer.rules, "\(answer.name), fed \(feeding)")
                #expect(conversation.events.violations.allSatisfy { $0.streamID == 1 })
            }
        }
    }

    @Test func `DATA before the section of a response are told before they have come`() {
        var conversation = Conversation.begun(role: .client)
        conversation.request(1)
        conversation.feed(Array(HTTP2Frame.data([1, 2, 3], on: 1).encoded.prefix(9)), .received)
        #expect(conversation.events.rules == [.dataBeforeHeaders])
    }

    @Test func `The content of a request is counted, that of CONNECT is not`() {
        var conversation = Conversation.begun(role: .server)
        let post = [FieldLine(":method", "POST")] + Fields.request.dropFirst() + [FieldLine("content-length", "2")]
        conversation.feed(conversation.block(post, on: 1, .received), .received)
        conversation.feed([.data([1], on: 1, endStream: true)], .received)
        #expect(conversation.events.rules == [.contentLengthMismatch])
        let connect = Fields.webSocket + [FieldLine("content-length", "0")]
        conversation.feed(conversation.block(connect, on: 3, .received), .received)
        conversation.feed([.data([1], on: 3)], .received)
        #expect(conversation.events.rules == [.contentLengthMismatch])
    }

    @Test func `A section that is not kept as a whole is not judged for what it lacks`() {
        var conversation = Conversation.begun(role: .client)
        conversation.request(1)
        let large = String(repeating: "a", count: 300_000)
        var encoder = HPACKEncoder()
        let block = encoder.encode([FieldLine("a", large), FieldLine(":status", "200")])
        let frames = HTTP2Frame.fieldBlock(block, on: 1, fragmentLength: 16_384)
        conversation.feed(frames, .received)
        let section = conversation.events.sections.last
        #expect(section?.block.omittedLines == 2)
        #expect(conversation.events.rules == [])
    }

    @Test func `A field block that was lost leaves the others unread and the connection followed`() {
        var conversation = Conversation.begun(role: .client)
        conversation.request(1)
        conversation.request(3)
        conversation.feed([.headers([0x88], on: 1, endHeaders: false), .headers([0x88], on: 3)], .received)
        #expect(conversation.events.rules == [.fieldBlockInterrupted])
        #expect(!conversation.observer.canReadSections(.received))
        #expect(conversation.observer.canReadSections(.sent))
        conversation.feed([.data([1], on: 3, endStream: true)], .received)
        #expect(conversation.events.data == [3: [1]])
    }

    @Test func `A connection that is no HTTP/2 says so once`() {
        var conversation = Conversation(role: .client)
        conversation.feed(HTTP2Frame.preface, .sent)
        conversation.feed(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), .received)
        #expect(conversation.events.rules.contains(.firstFrameNotSettings))
        var server = Conversation(role: .server)
        server.feed(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), .received)
        #expect(server.events.rules == [.prefaceMissing])
        server.feed(HTTP2Frame.preface, .received)
        #expect(server.events.rules == [.prefaceMissing])
    }
}
