import TestSupport
import Testing
import WSLink
import WSProtocol
import WSRunner
import WSScenario

@Suite struct `Opening handshake` {
    private static func scenario(_ opening: Opening) -> Scenario {
        Scenario(
            id: "test/opening",
            title: "Opening",
            requirements: ["RFC6455-4.1-02"],
            needs: .nothing,
            opening: opening,
            script: [],
            conclusion: .closeWhenComplete,
            behaviour: [],
            closing: []
        )
    }

    private static func asClient(_ opening: Opening = .ordinary) -> HTTPClientOpening {
        HTTPClientOpening(scenario(opening), Conversation.settings())
    }

    private static func asServer(_ opening: Opening = .ordinary) -> HTTPServerOpening {
        HTTPServerOpening(scenario(opening), Conversation.serverSettings())
    }

    /// Feeds octets, and returns the steps without those that only count octets, and how many were taken.
    private static func feed(
        _ opening: inout some OpeningHandshake,
        _ octets: [UInt8],
        _ feeding: Feeding = .whole
    ) -> (steps: [OpeningStep], taken: Int) {
        var steps: [OpeningStep] = []
        var taken = 0
        for chunk in feeding.chunks(of: octets) {
            for step in opening.read(chunk.span) {
                if case .took(let count) = step { taken += count } else { steps.append(step) }
            }
            if steps.contains(where: { if case .talk = $0 { true } else { false } }) { break }
        }
        return (steps, taken)
    }

    private static func sent(_ steps: [OpeningStep]) -> [String] {
        steps.compactMap { step in
            if case .send(let octets, _) = step { String(decoding: octets, as: UTF8.self) } else { nil }
        }
    }

    private static let accepting = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: chat\r\n\r\n"

    // MARK: - As a client

    @Test(arguments: [Feeding.whole, .byteByByte, .withTrailingFrame])
    func `As a client ends in what the answer settles, and leaves the frames behind it alone`(feeding: Feeding) {
        var opening = Self.asClient()
        #expect(Self.sent(opening.begin()).first?.hasPrefix("GET / HTTP/1.1\r\n") == true)
        let answer = Array(("HTTP/1.1 103 Early Hints\r\n\r\n" + Self.accepting).utf8)
        let (steps, taken) = Self.feed(&opening, answer, feeding)
        #expect(
            steps == [
                .answerRead(status: 101, server: nil), .cancel, .opened(Negotiation(subprotocol: "chat")),
                .talk(early: []),
            ]
        )
        #expect(taken == answer.count)
    }

    @Test(arguments: Feeding.anywhere)
    func `As a client fails where the ordinary request is refused, and where no HTTP comes`(feeding: Feeding) {
        var refused = Self.asClient()
        _ = refused.begin()
        let answer = Array("HTTP/1.1 404 Not Found\r\nServer: x\r\nContent-Length: 2\r\n\r\nno".utf8)
        let found = Self.feed(&refused, answer, feeding)
        #expect(found.steps == [.answerRead(status: 404, server: "x"), .cancel, .fail(.refused)])
        #expect(found.taken == answer.count)
        var other = Self.asClient()
        _ = other.begin()
        #expect(Self.feed(&other, [0x16, 0x03], .whole).steps == [.fail(.notHTTP)])
    }

    @Test(arguments: Feeding.anywhere)
    func `As a client reads a refusal of the scenario's own request, and sends the second one`(feeding: Feeding) {
        let own = RequestToSend(template: Array("A\r\n\r\n".utf8), followUp: Array("B {host}".utf8))
        var opening = Self.asClient(.request(own))
        #expect(opening.takesAnyAnswer)
        #expect(Self.sent(opening.begin()) == ["A\r\n\r\n"])
        let refusal = Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno".utf8)
        let head = Self.feed(&opening, Array(refusal.dropLast()), feeding)
        #expect(head.steps == [.answerRead(status: 400, server: nil), .cancel])
        #expect(opening.isReadingRefusal)
        let end = Self.feed(&opening, Array(refusal.suffix(1)))
        #expect(Self.sent(end.steps) == ["B peer.example:9001"])
        #expect(!opening.isReadingRefusal)
        let again = Self.feed(&opening, refusal, feeding)
        #expect(again.steps == [.answerRead(status: 400, server: nil), .cancel, .finish])
    }

    @Test func `As a client sends what a scenario holds back after its pause`() {
        let own = RequestToSend(template: Array("abcdef".utf8), pacing: .holdingBack(last: 2, milliseconds: 50))
        var opening = Self.asClient(.request(own))
        #expect(
            opening.begin() == [.resume(after: .milliseconds(50)), .send(Array("abcd".utf8), withFrames: false)]
        )
        #expect(opening.resume() == [.send(Array("ef".utf8), withFrames: false)])
    }

    // MARK: - As a server

    @Test(arguments: [Feeding.whole, .byteByByte])
    func `As a server accepts a request, and hands on the frames that came with it`(feeding: Feeding) {
        var opening = Self.asServer()
        #expect(opening.begin() == [])
        let frame: [UInt8] = feeding == .whole ? [0x81, 0x80, 1, 2, 3, 4] : []
        let (steps, taken) = Self.feed(&opening, RawClient.request() + frame, feeding)
        #expect(Self.sent(steps).first?.hasPrefix("HTTP/1.1 101 ") == true)
        #expect(steps.suffix(3) == [.answered, .opened(Negotiation()), .talk(early: frame)])
        #expect(taken == RawClient.request().count + frame.count)
    }

    @Test func `As a server refuses what asks for no WebSocket`() {
        var opening = Self.asServer()
        let (steps, _) = Self.feed(&opening, Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(Self.sent(steps).first?.hasPrefix("HTTP/1.1 426 ") == true)
        #expect(steps.last == .refused)
    }

    @Test func `As a server with an answer of the scenario's own is open once frames come behind it`() {
        let own = Opening.response(ResponseToSend(lines: ["HTTP/1.1 200 OK"]))
        let request = RawClient.request()
        var accepted = Self.asServer(own)
        #expect(Self.feed(&accepted, request).steps.suffix(2) == [.answered, .talk(early: [])])
        let frames = Self.feed(&accepted, [0x81, 0x80])
        #expect(frames.steps == [.opened(Negotiation())])
        #expect(frames.taken == 0)
        var refused = Self.asServer(own)
        _ = Self.feed(&refused, request)
        let again = Self.feed(&refused, request)
        #expect(again.steps == [.finish])
        #expect(again.taken == request.count)
    }

    @Test func `As a server keeps a bounded amount of what comes before its answer is out`() {
        let lines = ["HTTP/1.1 101 Switching Protocols"]
        let own = ResponseToSend(lines: lines, pacing: .holdingBack(last: 2, milliseconds: 50))
        var opening = Self.asServer(.response(own))
        _ = Self.feed(&opening, RawClient.request())
        let octets = [UInt8](repeating: 0x81, count: Pacing.mostEarlyOctets)
        #expect(Self.feed(&opening, octets).steps == [.opened(Negotiation())])
        #expect(Self.feed(&opening, [0x81]).steps == [.flood])
        #expect(opening.resume().last == .talk(early: octets))
    }
}
