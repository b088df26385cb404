import Testing

@testable import WSTransportTLS

/// The first messages of handshakes, made by hand after RFC 8446 and RFC 6066.
@Suite struct `The first message of a TLS handshake` {
    /// A vector: its length in front of it.
    private static func vector(_ lengthOctets: Int, _ content: [UInt8]) -> [UInt8] {
        (0..<lengthOctets).reversed().map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) } + content
    }

    private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + vector(3, body) }

    /// A message in records of at most so many octets.
    private static func records(_ message: [UInt8], size: Int = 16_384) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap { start in
            [22, 3, 1] + vector(2, Array(message[start..<min(start + size, message.count)]))
        }
    }

    private static func clientHello(_ extensions: [UInt8]) -> [UInt8] {
        let fields: [UInt8] =
            [3, 3] + [UInt8](repeating: 7, count: 32) + vector(1, []) + vector(2, [0x13, 0x01]) + vector(1, [0])
        return message(1, fields + vector(2, extensions))
    }

    private static func serverHello(_ extensions: [UInt8], version: [UInt8] = [3, 3]) -> [UInt8] {
        let fields: [UInt8] =
            version + [UInt8](repeating: 7, count: 32) + vector(1, [1, 2]) + [0x13, 0x02] + [0]
        return message(2, fields + vector(2, extensions))
    }

    private static func serverName(_ name: String) -> [UInt8] {
        [0, 0] + vector(2, vector(2, [0] + vector(2, Array(name.utf8))))
    }

    private static func protocols(_ names: [String]) -> [UInt8] {
        [0, 16] + vector(2, vector(2, names.flatMap { vector(1, Array($0.utf8)) }))
    }

    private static let ordinary = clientHello(serverName("a.example") + protocols(["h2", "http/1.1"]))
    private static let asked = Hello.client(
        ClientHello(serverName: "a.example", applicationProtocols: ["h2", "http/1.1"])
    )

    /// What is read of a stream that comes in pieces of a size.
    private func read(_ octets: [UInt8], pieces size: Int) -> [Hello] {
        var reader = HelloReader()
        return stride(from: 0, to: octets.count, by: size).compactMap { start in
            let piece = Array(octets[start..<min(start + size, octets.count)])
            return reader.feed(piece.span)
        }
    }

    @Test(arguments: [1, 2, 5, 7, 100_000], [1, 3, 16_384])
    func `A ClientHello says the name and the protocols, however it is cut`(size: Int, record: Int) {
        #expect(read(Self.records(Self.ordinary, size: record), pieces: size) == [Self.asked])
    }

    @Test func `What follows it is left alone`() {
        let octets = Self.records(Self.ordinary) + [23, 3, 3, 0, 2, 1, 2] + Self.records(Self.serverHello([]))
        #expect(read(octets, pieces: 1) == [Self.asked])
    }

    @Test func `A ServerHello says version and cipher suite`() {
        let tls13 = Self.serverHello([0, 43] + Self.vector(2, [3, 4]))
        #expect(read(Self.records(tls13), pieces: 1) == [.server(ServerHello(version: 0x0304, cipher: 0x1302))])
        let tls12 = read(Self.records(Self.serverHello([])), pieces: 100)
        #expect(tls12 == [.server(ServerHello(version: 0x0303, cipher: 0x1302))])
        let hello = ServerHello(version: 0x0304, cipher: 0x1302)
        #expect(hello.versionName == "TLS 1.3" && hello.cipherName == "TLS_AES_256_GCM_SHA384")
        #expect(ServerHello(version: 0x0305, cipher: 0x9999).versionName == "TLS of version 0x305")
        #expect(ServerHello(version: 0x0303, cipher: 0x9999).cipherName == "0x9999")
    }

    @Test func `A ClientHello without extensions asks for nothing`() {
        #expect(read(Self.records(Self.clientHello([])), pieces: 1) == [.client(ClientHello())])
    }

    @Test func `Every beginning and every turned octet is survived`() {
        let octets = Self.records(Self.ordinary)
        for length in 0..<octets.count {
            #expect(read(Array(octets.prefix(length)), pieces: 3).isEmpty)
        }
        for index in octets.indices {
            for mask in [0x01, 0x80, 0xFF] as [UInt8] {
                var turned = octets
                turned[index] ^= mask
                #expect(read(turned, pieces: 11).count <= 1)
            }
        }
    }

    @Test func `A message that is too long is not read, and costs no memory`() {
        var reader = HelloReader()
        let content: [UInt8] = [1, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 16_000)
        let record: [UInt8] = [22, 3, 1] + Self.vector(2, content)
        for _ in 0..<8 { #expect(reader.feed(record.span) == nil) }
        #expect(reader.isDone)
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "", "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}F"])
    func `What is no handshake gives nothing`(text: String) {
        #expect(read(Array(text.utf8), pieces: 4).isEmpty)
    }
}

/// Names of certificates (RFC 9525).
@Suite struct `The names of a certificate` {
    @Test(
        arguments: [
            ("a.example", "a.example", true), ("A.Example", "a.EXAMPLE", true), ("a.example.", "a.example", true),
            ("b.example", "a.example", false), ("a.example", "*.example", false), ("b.a.example", "*.a.example", true),
            ("c.b.a.example", "*.a.example", false), ("a.example", "*.a.example", false), ("a.example", "*", false),
            ("a.b.example", "a.*.example", false), ("ab.c.example", "a*.c.example", false), ("x", "x", true),
        ]
    )
    func `A name is one of them letter by letter, or below a star`(host: String, pattern: String, fits: Bool) {
        #expect(ServerIdentity(host: host).isAmong([.dns(pattern)]) == fits)
    }

    @Test func `An address is one of them only as an address`() {
        #expect(ServerIdentity(host: "127.0.0.1").isAmong([.address("127.0.0.1")]))
        #expect(!ServerIdentity(host: "127.0.0.1").isAmong([.dns("127.0.0.1"), .address("127.0.0.2")]))
        #expect(ServerIdentity(host: "0:0:0:0:0:0:0:1").isAmong([.address("::1")]))
        #expect(!ServerIdentity(host: "localhost").isAmong([.address("127.0.0.1")]))
    }
}
