import WSJSON

/// The options of a spec file that wsconform carries out.
package struct SpecOptions: Sendable, Hashable {
    /// Whether the tester fails a connection by dropping TCP, without a Close frame.
    package var failByDrop = false

    /// Creates Autobahn's own options.
    package init() {}
}

/// An option that Autobahn's endpoint has.
struct KnownOption {
    /// Its value where the file says nothing.
    enum Default {
        case bool(Bool)
        case number(Double)
        /// No value is the default, or none matters.
        case other
    }

    var value: Default
    /// Who has it; nil for both.
    var mode: FuzzingMode?

    /// Whether a value is the default, so that nothing is lost if it is not carried out.
    func isDefault(_ given: PlacedJSON.Kind) -> Bool {
        switch (value, given) {
        case (_, .null): true
        case (.bool(let own), .bool(let given)): own == given
        case (.number(let own), .number(let given)): own == given
        default: false
        }
    }

    /// The options of Autobahn's endpoint by name, without those that are carried out.
    static let all: [String: KnownOption] = [
        "acceptMaskedServerFrames": KnownOption(value: .bool(false), mode: .client),
        "allowedOrigins": KnownOption(value: .other, mode: .server),
        "allowHixie76": KnownOption(value: .bool(false)),
        "applyMask": KnownOption(value: .bool(true)),
        "autoFragmentSize": KnownOption(value: .number(0)),
        "autoPingInterval": KnownOption(value: .number(0)),
        "autoPingSize": KnownOption(value: .number(4)),
        "autoPingTimeout": KnownOption(value: .number(0)),
        "closeHandshakeTimeout": KnownOption(value: .number(1)),
        "echoCloseCodeReason": KnownOption(value: .bool(false)),
        "flashSocketPolicy": KnownOption(value: .other, mode: .server),
        "maskClientFrames": KnownOption(value: .bool(true), mode: .client),
        "maskServerFrames": KnownOption(value: .bool(false), mode: .server),
        "maxConnections": KnownOption(value: .number(0), mode: .server),
        "maxFramePayloadSize": KnownOption(value: .number(0)),
        "maxMessagePayloadSize": KnownOption(value: .number(0)),
        "openHandshakeTimeout": KnownOption(value: .number(5)),
        "requireMaskedClientFrames": KnownOption(value: .bool(true), mode: .server),
        "serveFlashSocketPolicy": KnownOption(value: .bool(false), mode: .server),
        "serverConnectionDropTimeout": KnownOption(value: .number(1), mode: .client),
        "tcpNoDelay": KnownOption(value: .bool(true)),
        "utf8validateIncoming": KnownOption(value: .bool(true)),
        "versions": KnownOption(value: .other, mode: .server),
        "webStatus": KnownOption(value: .bool(true), mode: .server),
    ]

    /// The drafts and the RFC that `version` counts, by the Sec-WebSocket-Version that they have.
    static func wireVersion(of draft: Double) -> Int? {
        switch draft {
        case 0: 0
        case 10, 11, 12: 8
        case 13...18 where draft.rounded() == draft: 13
        default: nil
        }
    }
}
