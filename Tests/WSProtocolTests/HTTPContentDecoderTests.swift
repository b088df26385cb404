import TestSupport
import Testing
import WSProtocol

@Suite("The end of a response's content") struct HTTPContentDecoderTests {
    /// A response, what follows its head, and how many octets of that belong to it; nil where the connection decides.
    struct Row: Sendable, CustomTestStringConvertible {
        var head: String
        var rest: String
        var count: Int?
        var method = "GET"

        var testDescription: String { "\(method) \(head)" }
    }

    static let rows: [Row] = [
        Row(head: "400 Bad\r\nContent-Length: 0", rest: "HTTP", count: 0),
        Row(head: "400 Bad\r\nContent-Length: 3", rest: "abcHTTP", count: 3),
        Row(head: "400 Bad\r\nContent-Length: 3, 3", rest: "abcHTTP", count: 3),
        Row(head: "400 Bad\r\nContent-Length: 3\r\nContent-Length: 4", rest: "abcHTTP", count: nil),
        Row(head: "400 Bad\r\nContent-Length: x", rest: "abc", count: nil),
        Row(head: "400 Bad\r\nContent-Length: 99999999999999999999", rest: "abc", count: nil),
        Row(head: "400 Bad\r\nContent-Length: 9", rest: "abc", count: nil),
        Row(head: "400 Bad\r\nContent-Length: +3", rest: "abc", count: nil),
        Row(head: "103 Early", rest: "HTTP", count: 0),
        Row(head: "400 Bad\r\nTransfer-Encoding: chunked", rest: "2\nab\n0\n\nHTTP", count: 8),
        Row(head: "400 Bad\r\nTransfer-Encoding: chunked", rest: "2 ;a\r\nab\r\n0\r\n\r\nHTTP", count: 15),
        Row(head: "400 Bad", rest: "abc", count: nil),
        Row(head: "400 Bad\r\nContent-Length: 3", rest: "HTTP", count: 0, method: "HEAD"),
        Row(head: "204 None\r\nContent-Length: 3", rest: "HTTP", count: 0),
        Row(head: "304 Same", rest: "HTTP", count: 0),
        Row(head: "400 Bad\r\nTransfer-Encoding: chunked", rest: "0\r\n\r\nHTTP", count: 5),
        Row(
            head: "400 Bad\r\nTransfer-Encoding: chunked",
            rest: "20\r\n0123456789abcdef0123456789abcdef\r\n0\r\n\r\nHTTP",
            count: 43
        ),
        Row(head: "400 Bad\r\nTransfer-Encoding: gzip, Chunked", rest: "2\r\nab\r\n0\r\n\r\nHTTP", count: 12),
        Row(
            head: "400 Bad\r\nTransfer-Encoding: chunked\r\nContent-Length: 1",
            rest: "1;a=b\r\na\r\n0\r\nX: y\r\n\r\nZ",
            count: 21
        ),
        Row(
            head: "400 Bad\r\nTransfer-Encoding: chunked",
            rest: "2a\r\n\(String(repeating: "x", count: 42))\r\n0\r\n\r\nHTTP",
            count: 53
        ),
        Row(head: "400 Bad\r\nTransfer-Encoding: chunked", rest: "g\r\n\r\n0\r\n\r\n", count: nil),
        Row(head: "400 Bad\r\nTransfer-Encoding: chunked", rest: "5\r\nab", count: nil),
        Row(head: "400 Bad\r\nTransfer-Encoding: chunked", rest: "zz\r\nab\r\n0\r\n\r\n", count: nil),
        Row(head: "400 Bad\r\nTransfer-Encoding: chunked, gzip", rest: "0\r\n\r\n", count: nil),
    ]

    @Test("is where RFC 9112 has it, however the octets come")
    func find() async {
        await Sweep.each(of: Self.rows, and: [1, 3, 1000]) { row, size in
            let head = HTTPHead(kind: .response, raw: Array("HTTP/1.1 \(row.head)\r\n\r\n".utf8))
            var decoder = HTTPContentDecoder(after: head, method: row.method)
            let octets = Array(row.rest.utf8)
            var taken = 0
            for start in stride(from: 0, to: octets.count, by: size) {
                let piece = Array(octets[start..<min(start + size, octets.count)])
                taken += decoder.feed(piece.span)
            }
            #expect(decoder.isComplete == (row.count != nil))
            #expect(taken == row.count ?? octets.count)
        }
    }
}
