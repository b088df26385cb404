/// The status codes of Close frames (RFC 6455 section 7.4).
public enum CloseCode {
    /// 1000, the purpose of the connection is fulfilled (RFC 6455 section 7.4.1).
    public static let normal: UInt16 = 1000
    /// 1001, the endpoint is going away (RFC 6455 section 7.4.1).
    public static let goingAway: UInt16 = 1001
    /// 1002, a protocol error (RFC 6455 section 7.4.1).
    public static let protocolError: UInt16 = 1002
    /// 1003, a type of data that cannot be accepted (RFC 6455 section 7.4.1).
    public static let unsupportedData: UInt16 = 1003
    /// 1004, reserved without a meaning (RFC 6455 section 7.4.1).
    public static let reserved: UInt16 = 1004
    /// 1005, local only: no status code was present (RFC 6455 section 7.4.1).
    public static let noStatus: UInt16 = 1005
    /// 1006, local only: no Close frame was received (RFC 6455 section 7.4.1).
    public static let abnormal: UInt16 = 1006
    /// 1007, data not consistent with the message's type (RFC 6455 section 7.4.1).
    public static let invalidData: UInt16 = 1007
    /// 1008, a policy is violated (RFC 6455 section 7.4.1).
    public static let policyViolation: UInt16 = 1008
    /// 1009, a message too big to process (RFC 6455 section 7.4.1).
    public static let messageTooBig: UInt16 = 1009
    /// 1010, a client misses an extension (RFC 6455 section 7.4.1).
    public static let mandatoryExtension: UInt16 = 1010
    /// 1011, an unexpected condition (RFC 6455 section 7.4.1).
    public static let internalError: UInt16 = 1011
    /// 1012, the service restarts (registered under RFC 6455 section 11.7).
    public static let serviceRestart: UInt16 = 1012
    /// 1013, try again later (registered under RFC 6455 section 11.7).
    public static let tryAgainLater: UInt16 = 1013
    /// 1014, a bad gateway (registered under RFC 6455 section 11.7).
    public static let badGateway: UInt16 = 1014
    /// 1015, local only: the TLS handshake failed (RFC 6455 section 7.4.1).
    public static let tlsHandshake: UInt16 = 1015

    /// What the RFC and the registry say about a code.
    public enum Classification: String, Sendable, Hashable, Codable, CaseIterable {
        /// 1000-1003 and 1007-1014: defined, for use in Close frames.
        case registered
        /// 1005, 1006 and 1015: never set in a Close frame (RFC 6455 section 7.4.1).
        case reservedNeverOnWire = "reserved-never-on-wire"
        /// 1004: reserved without a meaning (RFC 6455 section 7.4.1).
        case reservedUndefined = "reserved-undefined"
        /// 0-999: not used (RFC 6455 section 7.4.2).
        case unused
        /// 1016-2999: for future versions of the protocol and for extensions (RFC 6455 section 7.4.2).
        case reservedForProtocol = "reserved-for-protocol"
        /// 3000-3999: registered by libraries, frameworks and applications (RFC 6455 section 7.4.2).
        case registeredRange = "registered-range"
        /// 4000-4999: private use (RFC 6455 section 7.4.2).
        case privateUse = "private-use"
        /// 5000 and above: no range is defined (RFC 6455 section 7.4.2).
        case outOfRange = "out-of-range"
    }

    /// What the RFC and the registry say about the code.
    public static func classification(of code: UInt16) -> Classification {
        switch code {
        case 0...999: .unused
        case reserved: .reservedUndefined
        case noStatus, abnormal, tlsHandshake: .reservedNeverOnWire
        case 1000...1015: .registered
        case 1016...2999: .reservedForProtocol
        case 3000...3999: .registeredRange
        case 4000...4999: .privateUse
        default: .outOfRange
        }
    }

    /// Whether a Close frame of the given side, or of either side for nil, may carry the code.
    public static func mayAppearOnWire(_ code: UInt16, sentBy sender: Role? = nil) -> Bool {
        violatedRule(by: code, sentBy: sender) == nil
    }

    /// The rule that a Close frame with the code breaks, if any; 1010 is for clients only (RFC 6455 section 7.4.1).
    public static func violatedRule(by code: UInt16, sentBy sender: Role?) -> ViolationRule? {
        switch classification(of: code) {
        case .unused: .closeCodeUnused
        case .reservedUndefined: .closeCodeReserved
        case .reservedNeverOnWire:
            code == noStatus ? .closeCodeNoStatus : code == abnormal ? .closeCodeAbnormal : .closeCodeTLSHandshake
        case .registered: code == mandatoryExtension && sender == .server ? .closeCodeForClientsOnly : nil
        case .reservedForProtocol: .closeCodeUndefined
        case .registeredRange, .privateUse: nil
        case .outOfRange: .closeCodeOutOfRange
        }
    }
}
