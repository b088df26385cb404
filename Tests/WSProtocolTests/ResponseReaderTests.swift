import TestSupport
import Testing
import WSProtocol

@Suite struct `Response reader` {
    private static func events(_ text: String, _ feeding: Feeding) -> [ResponseReader.Event] {
        var reader = ResponseReader()
        var events: [ResponseReader.Event] = []
        for chunk in feeding.chunks(of: Array(text.utf8)) {
            var position = 0
            while let event = reader.next(in: chunk.span, at: &position) { events.append(event) }
        }
        return events
    }

    private static func head(_ text: String) -> HTTPHead { HTTPHead(kind: .response, raw: Array(text.utf8)) }

    private static let interim = "HTTP/1.1 103 Early Hints\r\n\r\n"
    private static let accepting = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    private static let refusing = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n"

    @Test(arguments: Feeding.all, [accepting, refusing])
    func `Interim responses come before the final one, behind which nothing is read`(feeding: Feeding, last: String) {
        let found = Self.events(Self.interim + Self.interim + last + "HTTP/1.1 100 Continue\r\n\r\n", feeding)
        let interim = ResponseReader.Event.interim(Self.head(Self.interim))
        #expect(found == [interim, interim, .final(Self.head(last))])
    }

    @Test func `The position stands right behind the final response`() {
        var reader = ResponseReader()
        let octets = Array((Self.interim + Self.accepting).utf8) + [0x81, 0x00]
        var position = 0
        _ = reader.next(in: octets.span, at: &position)
        _ = reader.next(in: octets.span, at: &position)
        #expect(reader.hasEnded)
        #expect(position == octets.count - 2)
        #expect(reader.next(in: octets.span, at: &position) == nil)
        #expect(position == octets.count - 2)
    }

    @Test(arguments: Feeding.anywhere)
    func `Octets that are no response are told with each piece`(feeding: Feeding) {
        let found = Self.events("SSH-2.0-OpenSSH", feeding)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0 == .notHTTP })
    }

    @Test func `Sixty-four interim responses are as many as an answer may have`() {
        var reader = ResponseReader()
        let octets = Array(String(repeating: Self.interim, count: 65).utf8)
        var position = 0
        for _ in 1...64 { _ = reader.next(in: octets.span, at: &position) }
        #expect(!reader.hasTooManyInterim)
        _ = reader.next(in: octets.span, at: &position)
        #expect(reader.hasTooManyInterim)
    }
}
