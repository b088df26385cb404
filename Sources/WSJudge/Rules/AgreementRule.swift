import WSProtocol
import WSScenario

extension Judge {
    /// A scenario with compressed messages is played only if the peer agreed to them; compression is optional.
    ///
    /// 1. A peer that does not agree to permessage-deflate goes on without it (RFC 7692, 5), which is no fault.
    /// 2. A peer that agreed to a smaller window, or to no context, than our messages need cannot be tested with them.
    static let agreementRule = Rule(name: "agreement", requirements: ["RFC7692-5-14"]) { subject in
        guard let lack = subject.lackOfCompression else { return [] }
        let (verdict, key, reason): (Verdict, ReasonKey, String) =
            switch lack {
            case .compression: (.unimplemented, .noCompression, subject.declined)
            case .window(let bits):
                (.skipped, .smallWindow, "agreed to windows of \(1 << bits) octets only; this case needs larger ones")
            case .context: (.skipped, .noContext, "agreed to messages without earlier ones only; this case needs them")
            }
        return [Axis.behaviour, .closing].map { axis in
            Finding(
                rule: "agreement",
                axis: axis,
                verdict: verdict,
                requirement: "RFC7692-5-14",
                reason: reason,
                key: key
            )
        }
    }
}

extension Judge {
    /// That a server did not agree to compression, in words.
    package static let declinesCompression = "did not agree to permessage-deflate"
    /// That a client did not offer compression, in words.
    package static let offersNoCompression = "did not offer permessage-deflate"
}

extension Case {
    /// What the peer did not agree to, so that the script was not played; nil if it was.
    var lackOfCompression: CompressionNeed.Lack? {
        guard isOpened, let need = scenario.compression else { return nil }
        return need.lack(in: timeline.negotiation.compression, sender: roleUnderTest.opposite)
    }

    /// That the peer did not agree to compression, in words.
    fileprivate var declined: String {
        switch roleUnderTest {
        case .server: Judge.declinesCompression
        case .client:
            timeline.offeringHead.offersCompression
                ? "did not offer permessage-deflate with the parameters of this case"
                : "did not offer permessage-deflate"
        }
    }
}
