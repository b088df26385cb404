import WSProtocol
import WSScenario

extension Judge {
    /// A server that accepts an extension that does not exist probably accepts everything (RFC 6455, 4.2.2).
    ///
    /// This is tolerated: the extension was offered, and the text only implies that a server knows what it accepts.
    static let unknownExtensionRule = Rule(
        name: "unknown-extension",
        requirements: ["RFC6455-4.2.2-14"],
        roles: [.server]
    ) { subject in
        guard subject.isOpened, let response = subject.timeline.agreeingHead else { return [] }
        let accepted = response.values(of: "Sec-WebSocket-Extensions").compactMap(ExtensionHeader.parse).joined()
        return accepted.filter { $0.name.lowercased().hasPrefix("x-wsconform-") }.prefix(1).map { offer in
            Finding(
                rule: "unknown-extension",
                axis: .behaviour,
                verdict: .tolerated,
                requirement: "RFC6455-4.2.2-14",
                reason: "agreed to the extension \(HeadText.excerpt(offer.name)), which does not exist",
                evidence: subject.timeline.isOnStream
                    ? [] : [Evidence(.received, offset: 0, length: UInt64(response.raw.count))],
                key: .agreedToUnknownExtension
            )
        }
    }
}
