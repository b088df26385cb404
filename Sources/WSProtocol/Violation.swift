/// A rule of RFC 6455 that the sender of a frame broke, and where.
public struct Violation: Sendable, Hashable {
    /// The rule that was broken.
    public var rule: ViolationRule
    /// The stream offset of the octet that breaks it.
    public var offset: UInt64
    /// What was found there, as the end of a sentence about the sender.
    public var detail: String

    /// A violation of the rule at the offset.
    public init(rule: ViolationRule, offset: UInt64, detail: String) {
        self.rule = rule
        self.offset = offset
        self.detail = detail
    }
}
