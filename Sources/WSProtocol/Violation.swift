/// A rule of RFC 6455 that the sender of a frame broke, and where.
package struct Violation: Sendable, Hashable {
    /// The rule that was broken.
    package var rule: ViolationRule
    /// The stream offset of the octet that breaks it.
    package var offset: UInt64
    /// What was found there, as the end of a sentence about the sender.
    package var detail: String

    /// A violation of the rule at the offset.
    package init(rule: ViolationRule, offset: UInt64, detail: String) {
        self.rule = rule
        self.offset = offset
        self.detail = detail
    }
}
