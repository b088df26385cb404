import WSProtocol
import WSScenario

extension HandshakePolicy {
    /// An offer of permessage-deflate that has to be declined, while the handshake goes on without it (RFC 7692, 5).
    ///
    /// Refusing the whole handshake is tolerated, because the text has one sentence about it that lacks a keyword.
    /// `why` is the reason for accepting the offer, which violates `rule`.
    static func mustDecline(_ why: String, over rule: String) -> Self {
        let refusal = "an offer that is declined does not end the handshake, which goes on without it (RFC 7692, 5)"
        return Self(
            rule: rule,
            behaviour: [
                .violates(.agreesToCompression(unless: []), why, cites: rule),
                .conforms(.events([.pong(ping)])),
                .tolerated(.refused(statuses: nil), refusal, cites: "RFC7692-5-14").because(.refusedInvalidOffer),
                .tolerated(.unanswered, refusal, cites: "RFC7692-5-14").because(.refusedInvalidOffer),
            ] + unusable(),
            sendsPing: true
        )
    }

    /// Offers of which at least one is valid; a server accepts a valid one or none.
    ///
    /// - Parameters:
    ///   - offers: The valid offers.
    ///   - why: The reason for accepting anything else.
    ///   - rule: The requirement that this violates.
    /// - Returns: The policy.
    static func mayAgree(to offers: [DeflateOffer], _ why: String, over rule: String) -> Self {
        let refusal =
            "a handshake with a valid offer is as good as one without; a server that does not take the offer "
            + "declines that alone (RFC 7692, 5)"
        return Self(
            rule: rule,
            behaviour: [
                .violates(.agreesToCompression(unless: offers), why, cites: rule),
                .conforms(.events([.pong(ping)])),
                .violates(.refused(statuses: nil), refusal, cites: "RFC6455-4.2.2-01").because(.refusedValidOffer),
                .violates(.unanswered, refusal, cites: "RFC6455-4.2.2-01").because(.refusedValidOffer),
            ] + unusable(),
            sendsPing: true
        )
    }
}
