import WSKernels

/// The first message of a TLS handshake in one direction, which is in the clear (RFC 8446, section 4.1).
enum Hello: Sendable, Hashable {
    /// What a client asks for.
    case client(ClientHello)
    /// What a server chose, in a ServerHello or a HelloRetryRequest.
    case server(ServerHello)
}

/// What a client asks for, as far as a report has it.
struct ClientHello: Sendable, Hashable {
    /// The name of the server (RFC 6066, section 3); nil if the client names none.
    var serverName: String?
    /// The application protocols, in the order of the client (RFC 7301, section 3.1).
    var applicationProtocols: [String] = []
}

/// What a server chose.
struct ServerHello: Sendable, Hashable {
    /// The version: 0x0303 for TLS 1.2, 0x0304 for TLS 1.3.
    var version: UInt16
    /// The cipher suite.
    var cipher: UInt16
}

/// Reads the first handshake message of one direction from a stream of TLS records.
///
/// It does not judge: a stream that it cannot read gives no message, and BoringSSL says what is wrong with it.
struct HelloReader: Sendable {
    /// The most octets that a first message may have; longer ones are not read.
    static let limit = 65_536

    private var records: [UInt8] = []
    private var message: [UInt8] = []
    /// Whether the message was read, or never will be.
    private(set) var isDone = false

    /// Creates a reader at the start of a stream.
    init() {}

    /// Takes the next octets of the stream.
    ///
    /// - Returns: The message, once it is complete and if it is one of the two.
    mutating func feed(_ octets: Span<UInt8>) -> Hello? {
        guard !isDone else { return nil }
        records.append(copying: octets)
        // A record has a type, a version and a length before its fragment (RFC 8446, 5.1).
        while records.count >= 5 {
            guard records[0] == 22, records[1] == 3 else { return end() }
            let length = Int(records[3]) << 8 | Int(records[4])
            guard length > 0, message.count + length <= Self.limit else { return end() }
            guard records.count >= 5 + length else { break }
            message += records[5..<5 + length]
            records.removeFirst(5 + length)
            if let complete = complete() { return complete }
            if isDone { return nil }
        }
        return records.count > Self.limit ? end() : nil
    }

    private mutating func end() -> Hello? {
        isDone = true
        (records, message) = ([], [])
        return nil
    }

    private mutating func complete() -> Hello? {
        guard message.count >= 4 else { return nil }
        let length = Int(message[1]) << 16 | Int(message[2]) << 8 | Int(message[3])
        guard length <= Self.limit else { return end() }
        guard message.count >= 4 + length else { return nil }
        let (type, body) = (message[0], message[4..<4 + length])
        _ = end()
        var fields = FieldReader(octets: body)
        switch type {
        case 1: return clientHello(&fields).map { .client($0) }
        case 2: return serverHello(&fields).map { .server($0) }
        default: return nil
        }
    }

    private func clientHello(_ fields: inout FieldReader) -> ClientHello? {
        guard fields.skip(34), fields.vector(lengthOctets: 1) != nil, fields.vector(lengthOctets: 2) != nil,
            fields.vector(lengthOctets: 1) != nil
        else { return nil }
        var hello = ClientHello()
        for (type, content) in extensions(&fields) {
            var content = FieldReader(octets: content)
            switch type {
            case 0:
                guard var names = content.vector(lengthOctets: 2).map(FieldReader.init(octets:)) else { break }
                while let kind = names.number(octets: 1), let name = names.vector(lengthOctets: 2) {
                    if kind == 0, hello.serverName == nil { hello.serverName = String(decoding: name, as: UTF8.self) }
                }
            case 16:
                guard var names = content.vector(lengthOctets: 2).map(FieldReader.init(octets:)) else { break }
                while let name = names.vector(lengthOctets: 1) {
                    hello.applicationProtocols.append(String(decoding: name, as: UTF8.self))
                }
            default: break
            }
        }
        return hello
    }

    private func serverHello(_ fields: inout FieldReader) -> ServerHello? {
        guard let version = fields.number(octets: 2), fields.skip(32), fields.vector(lengthOctets: 1) != nil,
            let cipher = fields.number(octets: 2), fields.skip(1)
        else { return nil }
        var hello = ServerHello(version: UInt16(version), cipher: UInt16(cipher))
        // TLS 1.3 names itself in an extension and says 1.2 in front (RFC 8446, 4.2.1).
        for (type, content) in extensions(&fields) where type == 43 {
            var content = FieldReader(octets: content)
            if let chosen = content.number(octets: 2) { hello.version = UInt16(chosen) }
        }
        return hello
    }

    private func extensions(_ fields: inout FieldReader) -> [(type: Int, content: ArraySlice<UInt8>)] {
        guard var rest = fields.vector(lengthOctets: 2).map(FieldReader.init(octets:)) else { return [] }
        var found: [(type: Int, content: ArraySlice<UInt8>)] = []
        while let type = rest.number(octets: 2), let content = rest.vector(lengthOctets: 2) {
            found.append((type, content))
        }
        return found
    }
}

/// Takes numbers and vectors from the front of octets (RFC 8446, section 3.4).
private struct FieldReader {
    var octets: ArraySlice<UInt8>

    mutating func skip(_ count: Int) -> Bool {
        guard octets.count >= count else { return false }
        octets = octets.dropFirst(count)
        return true
    }

    mutating func number(octets count: Int) -> Int? {
        guard octets.count >= count else { return nil }
        let value = octets.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        octets = octets.dropFirst(count)
        return value
    }

    mutating func vector(lengthOctets: Int) -> ArraySlice<UInt8>? {
        var rest = self
        guard let length = rest.number(octets: lengthOctets), rest.octets.count >= length else { return nil }
        octets = rest.octets.dropFirst(length)
        return rest.octets.prefix(length)
    }
}

extension ServerHello {
    /// The version in words.
    var versionName: String {
        switch version {
        case 0x0301: "TLS 1.0"
        case 0x0302: "TLS 1.1"
        case 0x0303: "TLS 1.2"
        case 0x0304: "TLS 1.3"
        default: "TLS of version 0x" + String(version, radix: 16)
        }
    }

    /// The registered name of the cipher suite, or its number.
    var cipherName: String {
        switch cipher {
        case 0x1301: "TLS_AES_128_GCM_SHA256"
        case 0x1302: "TLS_AES_256_GCM_SHA384"
        case 0x1303: "TLS_CHACHA20_POLY1305_SHA256"
        case 0xC009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
        case 0xC00A: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
        case 0xC013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
        case 0xC014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
        case 0xC02B: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
        case 0xC02C: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
        case 0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        case 0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
        case 0xCCA8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
        case 0xCCA9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
        default: "0x" + String(cipher, radix: 16)
        }
    }
}
