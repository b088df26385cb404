import WSLink
import WSModelPeer
import WSProtocol

/// Trials of the defects that show in how unusual handshakes are read, refused and answered.
extension ModelDefect {
    /// What the defect is tried with; nil for one of another kind.
    var unusualRequestTrial: DefectTrial? {
        answerTrial ?? refusalTrial ?? acceptingTrial ?? decliningTrial
    }

    private var answerTrial: DefectTrial? {
        let deflate = ScriptedClient.handshake { $0.extensions = ["x-unknown; a=1", "permessage-deflate"] }
        let chat = ScriptedClient.handshake { $0.subprotocols = ["chat"] }
        return switch self {
        case .foldsAnswer: .answer { $0.head?.problems.map(\.rule) == [.obsoleteLineFolding] }
        case .bareCRInAnswer: .answer { $0.head?.problems.map(\.rule) == [.bareCarriageReturn] }
        case .omitsSpaceAfterStatus: .answer { $0.head?.problems.map(\.rule) == [.missingSpaceAfterStatus] }
        case .emptyElementInAnswer: .answer { $0.values(of: "Connection") == ["Upgrade, ,"] }
        case .repeatsServerField: .answer { $0.values(of: "Server").count == 2 }
        case .changesSubprotocolCase:
            DefectTrial(handshake: chat) { $0.values(of: "Sec-WebSocket-Protocol") == ["CHAT"] }
        case .changesExtensionCase:
            DefectTrial(handshake: deflate) { $0.values(of: "Sec-WebSocket-Extensions") == ["PERMESSAGE-DEFLATE"] }
        case .acceptsEveryExtension:
            DefectTrial(handshake: deflate) {
                $0.values(of: "Sec-WebSocket-Extensions") == ["x-unknown, permessage-deflate"]
            }
        case .answersTooEarly:
            DefectTrial(replacing: "Sec-WebSocket-Version: 13\r\n\r\n", by: "Sec-WebSocket-Version: 13\r\n") {
                $0.status == 101
            }
        default: nil
        }
    }

    private var refusalTrial: DefectTrial? {
        let version = "Sec-WebSocket-Version: 13\r\n"
        return switch self {
        case .dropsInsteadOfRefusing:
            DefectTrial(replacing: version, by: "") { $0.head == nil && $0.end == .finished }
        case .neverRefuses: DefectTrial(replacing: version, by: "") { $0.head == nil && $0.end == .closedHere }
        case .ignoresUpgradeInstead: DefectTrial(replacing: version, by: "") { $0.status == 200 }
        case .keepsRefusedConnections:
            DefectTrial(replacing: version, by: "") {
                $0.status == 400 && $0.values(of: "Connection").isEmpty && $0.end == .closedHere
            }
        case .endlessRefusal:
            DefectTrial(replacing: version, by: "") {
                $0.status == 400 && $0.values(of: "Content-Length").isEmpty && $0.end == .closedHere
            }
        case .leavesOpenAfterClose:
            DefectTrial(replacing: version, by: "") {
                $0.values(of: "Connection") == ["close"] && $0.end == .closedHere
            }
        case .omitsAllow:
            DefectTrial(replacing: "GET", by: "POST") { $0.status == 405 && $0.values(of: "Allow").isEmpty }
        case .omitsUpgradeIn426:
            DefectTrial(replacing: "Version: 13", by: "Version: 8") {
                $0.status == 426 && $0.values(of: "Upgrade").isEmpty
            }
        case .omitsUpgradeOption:
            DefectTrial(replacing: "Version: 13", by: "Version: 8") { $0.values(of: "Connection") == ["close"] }
        case .refusesManyFieldsWith500:
            DefectTrial(replacing: version, by: version + String(repeating: "X: a\r\n", count: 1_000)) {
                $0.status == 500
            }
        case .neverDecides:
            DefectTrial(replacing: version, by: version + "Expect: a\r\n") { $0.head == nil && $0.end == .closedHere }
        case .ignoresUpgradeAtWill:
            DefectTrial(replacing: version, by: version + "Expect: a\r\n") { $0.status == 200 }
        case .interimForHTTP10: DefectTrial(replacing: "HTTP/1.1", by: "HTTP/1.0") { $0.status == 100 }
        default: nil
        }
    }

    private var acceptingTrial: DefectTrial? {
        let host = "Host: localhost\r\n"
        let upgrade = "Upgrade: websocket\r\n"
        let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        return switch self {
        case .acceptsRepeatedHost: DefectTrial(replacing: host, by: host + host, shows: \.isOpened)
        case .acceptsInvalidHost: DefectTrial(replacing: "localhost", by: "u@a", shows: \.isOpened)
        case .acceptsInvalidTarget: DefectTrial(replacing: "GET /", by: "GET *", shows: \.isOpened)
        case .acceptsMalformedRequestLine: DefectTrial(replacing: "HTTP/1.1", by: "HTTP/1", shows: \.isOpened)
        case .acceptsRepeatedKey: DefectTrial(replacing: key, by: key + key, shows: \.isOpened)
        case .acceptsRepeatedVersion:
            DefectTrial(replacing: host, by: host + "Sec-WebSocket-Version: 13\r\n", shows: \.isOpened)
        case .acceptsMalformedSubprotocols:
            DefectTrial(replacing: host, by: host + "Sec-WebSocket-Protocol: a b\r\n", shows: \.isOpened)
        case .acceptsMalformedExtensions:
            DefectTrial(replacing: host, by: host + "Sec-WebSocket-Extensions: ;\r\n", shows: \.isOpened)
        case .acceptsSpaceBeforeColon: DefectTrial(replacing: "Host:", by: "Host :", shows: \.isOpened)
        case .acceptsMalformedFields: DefectTrial(replacing: host, by: host + "no colon\r\n", shows: \.isOpened)
        case .readsCRAsLineEnd: DefectTrial(replacing: upgrade, by: "X: a\rUpgrade: websocket\r\n", shows: \.isOpened)
        case .readsFoldsAsFields:
            DefectTrial(replacing: upgrade, by: "X: a\r\n Upgrade: websocket\r\n", shows: \.isOpened)
        case .cutsValuesAtNUL: DefectTrial(replacing: "websocket", by: "websocket\0x", shows: \.isOpened)
        case .overlooksContent:
            DefectTrial(replacing: host, by: host + "Content-Length: 8\r\n", shows: \.isOpened)
        case .acceptsAnything: DefectTrial(replacing: "GET / HTTP/1.1", by: "GET /", shows: \.isOpened)
        case .normalizesKeys: hashes("ZQ==", "ZR==", as: "dGhlIHNhbXBsZSBub25jZQ==")
        case .readsPlusAsSpace: hashes("dGhl", "+Ghl", as: " GhlIHNhbXBsZSBub25jZQ==")
        default: nil
        }
    }

    /// The part of the key that another one takes the place of, and the key that is hashed.
    private func hashes(_ old: String, _ new: String, as key: String) -> DefectTrial {
        DefectTrial(replacing: old, by: new) {
            $0.values(of: "Sec-WebSocket-Accept") == [AcceptKey.accept(forKey: key)]
        }
    }

    private var decliningTrial: DefectTrial? {
        let host = "Host: localhost\r\n"
        let line = "GET /" + String(repeating: "a", count: 5000)
        return switch self {
        case .requiresCanonicalNames: refuses("Host:", "host:")
        case .requiresHostFirst: refuses(host, "Origin: a\r\n" + host)
        case .refusesUnknownFields: refuses(host, host + "X-Unknown: a\r\n")
        case .refusesOtherWhitespace: refuses("Host: ", "Host:\t")
        case .refusesAbsoluteForm: refuses("GET /", "GET http://localhost/")
        case .refusesLaterMinorVersion: refuses("HTTP/1.1", "HTTP/1.2")
        case .refusesUpgradeList: refuses("websocket", "foo/1, websocket")
        case .refusesEmptyElements: refuses("Connection: ", "Connection: , ")
        case .refusesRepeatedLists: refuses(host, host + "Connection: keep-alive\r\n")
        case .refusesLeadingEmptyLine: refuses("GET", "\r\nGET")
        case .refusesPieces: DefectTrial(pieces: 2) { $0.status == 400 }
        case .refusesLongRequestLine: DefectTrial(replacing: "GET /", by: line) { $0.status == 414 }
        case .refusesQuotedValues: refuses(host, host + "Sec-WebSocket-Extensions: a; b=\"1\"\r\n")
        case .requiresExtension: refuses(host, host + "Sec-WebSocket-Extensions: a\r\n")
        case .requiresSubprotocol: refuses(host, host + "Sec-WebSocket-Protocol: a\r\n")
        case .requiresSubprotocolField: .answer { $0.status == 400 }
        case .closesOverSubprotocols:
            DefectTrial(replacing: host, by: host + "Sec-WebSocket-Protocol: a\r\n") {
                $0.plainFrames.first == .close(4001)
            }
        case .omitsContinue: DefectTrial(replacing: host, by: host + "Expect: 100-continue\r\n") { $0.status == 101 }
        case .refusesChosenKeys: .answer { $0.status == 400 }
        case .refusesUnknownExtensions: refuses(host, host + "Sec-WebSocket-Extensions: a, permessage-deflate\r\n")
        case .refusesExpectations: DefectTrial(replacing: host, by: host + "Expect: a\r\n") { $0.status == 417 }
        default: nil
        }
    }

    private func refuses(_ old: String, _ new: String) -> DefectTrial {
        DefectTrial(replacing: old, by: new) { $0.status == 400 }
    }
}

extension DefectTrial {
    /// With the ordinary handshake in this many writes.
    fileprivate init(pieces count: Int, shows: @escaping (Conversation) -> Bool) {
        let octets = ScriptedClient.handshake().encode()
        let length = (octets.count + count - 1) / count
        let pieces = stride(from: 0, to: octets.count, by: length).map {
            Array(octets[$0..<min($0 + length, octets.count)])
        }
        self.init(shows: shows)
        client = ScriptedClient(pieces, request: nil)
    }
}
