/// What is wrong in an offer of permessage-deflate or in the answer to one (RFC 7692 sections 5 and 7).
///
/// Names and values are those of the element, as the peer wrote them.
public indirect enum DeflateProblem: Sendable, Hashable {
    /// The extension has no parameter of this name.
    case unknownParameter(String)
    /// The parameter stands there more than once.
    case repeatedParameter(DeflateParameter)
    /// A parameter of a window lacks its value.
    case missingValue(DeflateParameter)
    /// A parameter of context takeover has a value.
    case unexpectedValue(DeflateParameter, String)
    /// The value of a window is none of 8 to 15, or has zeros before it.
    case invalidValue(DeflateParameter, String)

    // MARK: Answers alone

    /// The client did not offer the extension.
    case notOffered
    /// None of the client's offers is valid; this is wrong in the first of them.
    case invalidOffer(DeflateProblem)
    /// The answer limits the client's window, and the offer does not say that it can be limited.
    case unofferedClientWindow
    /// The offer limits the server's window to this size, and the answer does not.
    case missingServerWindow(most: Int)
    /// The server's window is larger than the offer has it.
    case largerServerWindow(Int, most: Int)
    /// The offer forbids the server to take over its context, and the answer does not say so.
    case missingServerContext
    /// The answer accepts the extension so many times.
    case repeatedElement(Int)
    /// The answer accepts another extension that uses RSV1.
    case sharedReservedBit(String)
}

/// A parameter of permessage-deflate (RFC 7692 section 7.1).
public enum DeflateParameter: String, Sendable, Hashable, CaseIterable {
    /// The server compresses each message without those before it.
    case serverNoContextTakeover = "server_no_context_takeover"
    /// The client compresses each message without those before it.
    case clientNoContextTakeover = "client_no_context_takeover"
    /// The size of the server's window.
    case serverMaxWindowBits = "server_max_window_bits"
    /// The size of the client's window.
    case clientMaxWindowBits = "client_max_window_bits"

    /// The parameter of this name, in any case: no text says whether the case of names matters.
    public init?(name: String) {
        self.init(rawValue: name.lowercased())
    }

    /// Whether it is about the size of a window, and so can have a value.
    public var isWindow: Bool { self == .serverMaxWindowBits || self == .clientMaxWindowBits }
}

extension DeflateProblem {
    /// The name that the problem has in test vectors.
    public var name: String {
        switch self {
        case .unknownParameter: "unknown-parameter"
        case .repeatedParameter: "repeated-parameter"
        case .missingValue: "missing-value"
        case .unexpectedValue: "unexpected-value"
        case .invalidValue: "invalid-value"
        case .notOffered: "not-offered"
        case .invalidOffer: "invalid-offer"
        case .unofferedClientWindow: "unoffered-client-window"
        case .missingServerWindow: "missing-server-window"
        case .largerServerWindow: "larger-server-window"
        case .missingServerContext: "missing-server-context"
        case .repeatedElement: "repeated-element"
        case .sharedReservedBit: "shared-reserved-bit"
        }
    }

    /// The id of the requirement that the sender of the element did not meet, in the requirement table.
    ///
    /// - Parameter sender: The client for an offer, the server for an answer.
    /// - Returns: The id.
    public func requirement(of sender: Role) -> String {
        switch self {
        // Section 7 gives no meaning to a second parameter of a name, and has both sides refuse it.
        case .unknownParameter, .repeatedParameter: "RFC6455-9.1-06"
        case .unexpectedValue(.serverNoContextTakeover, _): "RFC7692-7.1.1.1-02"
        case .unexpectedValue: "RFC7692-7.1.1.2-02"
        case .missingValue(let parameter), .invalidValue(let parameter, _):
            switch (parameter, sender) {
            case (.serverMaxWindowBits, .client): "RFC7692-7.1.2.1-02"
            case (.serverMaxWindowBits, .server): "RFC7692-7.1.2.1-05"
            case (_, .client): "RFC7692-7.1.2.2-02"
            case (_, .server): "RFC7692-7.1.2.2-04"
            }
        case .notOffered: "RFC6455-4.2.2-15"
        case .invalidOffer(let problem): problem.requirement(ofReceiver: sender)
        case .unofferedClientWindow: "RFC7692-7.1.2.2-05"
        case .missingServerWindow, .largerServerWindow: "RFC7692-7.1.2.1-04"
        case .missingServerContext: "RFC7692-7.1.1.1-03"
        // Several elements do not tell which parameters were agreed on.
        case .repeatedElement: "RFC7692-5-08"
        case .sharedReservedBit: "RFC7692-5-09"
        }
    }

    /// The id of the requirement that a receiver violates by accepting the element.
    ///
    /// - Parameter receiver: The server for an offer, the client for an answer.
    /// - Returns: The id.
    public func requirement(ofReceiver receiver: Role) -> String {
        switch self {
        case .unknownParameter: receiver == .server ? "RFC7692-7-01" : "RFC7692-7-05"
        case .missingValue, .unexpectedValue, .invalidValue: receiver == .server ? "RFC7692-7-02" : "RFC7692-7-06"
        case .repeatedParameter: receiver == .server ? "RFC7692-7-03" : "RFC7692-7-07"
        case .notOffered, .invalidOffer: "RFC7692-5-15"
        case .unofferedClientWindow: "RFC7692-7.1.2.2-06"
        case .missingServerWindow, .largerServerWindow: "RFC7692-7.1.2.1-07"
        case .missingServerContext: "RFC7692-7.1.1.1-06"
        case .repeatedElement: "RFC7692-7-09"
        case .sharedReservedBit: "RFC7692-5-10"
        }
    }

    /// One clause that follows the name of the extension: with what, or how, it was offered or accepted.
    public var clause: String {
        // A peer's token can be as long as a head.
        func quoted(_ text: String) -> String { text.utf8.count > 60 ? "\(text.prefix(60))…" : text }
        return switch self {
        case .unknownParameter(let name): "with \(quoted(name)), which is none of its parameters"
        case .repeatedParameter(let parameter): "with \(parameter.rawValue) more than once"
        case .missingValue(let parameter): "with \(parameter.rawValue) and no value for it"
        case .unexpectedValue(let parameter, let value):
            "with \(parameter.rawValue)=\(quoted(value)), which takes no value"
        case .invalidValue(let parameter, let value):
            "with \(parameter.rawValue)=\(quoted(value)), which is no number from 8 to 15"
        case .notOffered: "though it was not offered"
        case .invalidOffer(let problem): "though it was offered \(problem.clause)"
        case .unofferedClientWindow: "with client_max_window_bits, which was not offered"
        case .missingServerWindow(let most): "without server_max_window_bits, though at most \(most) was offered"
        case .largerServerWindow(let bits, let most):
            "with server_max_window_bits=\(bits), though at most \(most) was offered"
        case .missingServerContext: "without server_no_context_takeover, which was offered"
        case .repeatedElement(let count): "\(count) times in one answer"
        case .sharedReservedBit(let name): "beside \(quoted(name)), which uses the same reserved bit"
        }
    }
}
