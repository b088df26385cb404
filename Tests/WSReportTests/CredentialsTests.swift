import Testing
import WSReport

@Suite struct `Credentials` {
    private static let credentials = WSReport.Credentials(
        fields: [
            ("Authorization", "Bearer tok-31415926"), ("X-Api-Key", "k3y!"), ("X-Short", "abc"),
            ("X-Mode", "websocket"),
            ("Cookie", "sid=\"s3cr3t-cookie\"; theme=dark"),
        ],
        resourceName: "/chat?token=qu%2Fery-value&room=7&flag"
    )

    @Test(
        arguments: [
            ("the Location is ws://a/?t=tok-31415926", "the Location is ws://a/?t=***"),
            ("reason \"s3cr3t-cookie\"", "reason \"***\""),
            ("< HTTP/1.1 101 k3y!", "< HTTP/1.1 101 ***"),
            ("> GET /chat?token=qu%2Fery-value&room=7&flag HTTP/1.1", "> GET /chat?token=***&room=***&*** HTTP/1.1"),
            ("close 1000 qu/ery-value", "close 1000 ***"),
            ("binary 0x00746f6b2d333134313539323600", "binary 0x00***00"),
        ]
    )
    func `are masked where a server sends them back`(text: String, expected: String) {
        #expect(Self.credentials.masked(text) == expected)
    }

    @Test(
        arguments: [
            "text FIN 80 octets \"… tok-3141\" …", "reason tok-31…", "it said s3cr3t-co",
            "tok-3141592 ...", "0x00746f6b2d33313431 ...", "xtok-31415 …",
        ]
    )
    func `are masked where a quotation cuts them`(text: String) {
        let masked = Self.credentials.masked(text)
        #expect(masked.contains("***") && !masked.contains("tok-31") && !masked.contains("s3cr"))
        #expect(!masked.contains("746f6b2d"))
    }

    @Test(
        arguments: [
            "reason pässwört-9", "reason pÃ¤sswÃ¶rt-9", #"< HTTP/1.1 101 p\xc3\xa4ssw\xc3\xb6rt-9"#,
            #"< HTTP/1.1 101 p\xc3\xa4ssw… (90 octets)"#, "binary 0x70c3a4737377c3b672742d39",
        ]
    )
    func `are masked in all forms of octets beyond ASCII`(text: String) {
        let credentials = WSReport.Credentials(fields: [("X-Token", "pässwört-9")], resourceName: "/")
        let masked = credentials.masked(text)
        #expect(masked.contains("***") && !masked.contains("ssw") && !masked.contains("737377"), "\(masked)")
    }

    @Test func `are masked by the names of their fields, however short`() {
        #expect(Self.credentials.masked("X-Short: abc\r\nx-mode: websocket\r\n") == "X-Short: ***\r\nx-mode: ***\r\n")
    }

    @Test(arguments: ["abc of the websocket protocol", "a dark theme", "ask3y!b", "7 of 9", "the token did not come"])
    func `that are words leave our sentences alone`(text: String) {
        #expect(Self.credentials.masked(text) == text)
    }

    @Test func `that nobody gave change nothing`() {
        #expect(WSReport.Credentials.none.masked("Server: tok-31415926") == "Server: tok-31415926")
        #expect(WSReport.Credentials.none.masked("Cookie: a") == "Cookie: ***")
    }
}
