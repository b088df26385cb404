import Foundation
package import WSJudge
import WSKernels

extension Judgement {
    /// The verdicts, ours and Autobahn's, and the peer's close code.
    package var headline: String {
        var text = "\(verdict)"
        if behaviour != closing { text += ", behaviour \(behaviour), closing \(closing)" }
        if let closeCode { text += ", Close \(closeCode)" }
        if let autobahn { text += ", Autobahn \(autobahn.behavior), \(autobahn.behaviorClose)" }
        return text
    }

    /// A hash of the wire log, the parts, the duration and what Autobahn's report says.
    package var hash: String {
        var text = wireLines.map { line in
            let evidence = line.evidence.map { " \($0.direction.rawValue) \($0.offset)+\($0.length)" } ?? ""
            return "\(line.text)\(evidence)\n"
        }.joined()
        text += "\(parts.map(\.rawValue)) \(durationNanoseconds)"
        if let target { text += " \(target)" }
        if let autobahn {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            text += " \((try? encoder.encode(autobahn)).map { String(decoding: $0, as: UTF8.self) } ?? "not encoded")"
        }
        return String(StableHash.fnv1a64(text.utf8), radix: 16)
    }

    /// Everything that it says, for a hash.
    package var details: String {
        headline
            + findings.map { finding in
                "\(finding.rule) \(finding.requirement) \(finding.reasonKey) \(finding.violated ?? "") "
                    + "\(finding.passing?.rawValue ?? "") \(finding.evidence.map { "\($0.offset)+\($0.length)" }) "
                    + "\(finding.reason)\n"
            }.joined() + hash
    }
}
