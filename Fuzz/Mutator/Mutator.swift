import CWSFuzz
import WSFuzzing
import WSKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What libFuzzer calls to make one input of another.
package enum MutatorLink {
    /// Does nothing; whoever calls it has the functions of this module linked.
    package static func keep() {}
}

/// With this variable set, libFuzzer's own mutations are used instead of ours: for comparison.
private let isPlain = unsafe getenv("WSCONFORM_FUZZ_PLAIN") != nil

/// Called by libFuzzer to change an input in place.
@c(LLVMFuzzerCustomMutator)
public func mutateInput(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ limit: Int, _ seed: CUnsignedInt) -> Int {
    guard let data = unsafe data else { return 0 }
    if isPlain { return unsafe wsconform_mutate_plainly(data, size, limit) }
    let input = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: data, count: size))
    let result = StreamMutator.mutate(input, limit: limit, seed: UInt64(seed), plain: mutatePlainly)
    return unsafe copy(result, to: data, limit: limit)
}

/// Called by libFuzzer to make an input of two.
@c(LLVMFuzzerCustomCrossOver)
public func crossInputs(
    _ left: UnsafePointer<UInt8>?,
    _ leftSize: Int,
    _ right: UnsafePointer<UInt8>?,
    _ rightSize: Int,
    _ output: UnsafeMutablePointer<UInt8>,
    _ limit: Int,
    _ seed: CUnsignedInt
) -> Int {
    // Of an empty input there need be no octets.
    let buffers = unsafe (
        UnsafeBufferPointer(start: left, count: left == nil ? 0 : leftSize),
        UnsafeBufferPointer(start: right, count: right == nil ? 0 : rightSize)
    )
    let first = unsafe Span(_unsafeElements: buffers.0)
    let second = unsafe Span(_unsafeElements: buffers.1)
    if isPlain {
        // A splice, as libFuzzer makes one when there is no cross-over of ours.
        let cut = leftSize == 0 ? 0 : Int(seed) % (leftSize + 1)
        let spliced = [UInt8](copying: first.extracting(0..<cut)) + [UInt8](copying: second)
        return unsafe copy(spliced, to: output, limit: limit)
    }
    let result = StreamMutator.cross(first, second, limit: limit, seed: UInt64(seed))
    return unsafe copy(result, to: output, limit: limit)
}

/// libFuzzer's own mutation of some octets.
private func mutatePlainly(_ octets: [UInt8], limit: Int) -> [UInt8] {
    var room = Array(octets.prefix(limit)) + Array(repeating: 0, count: max(0, limit - octets.count))
    let size = min(octets.count, limit)
    let count = unsafe room.withUnsafeMutableBufferPointer { room in
        guard let base = room.baseAddress else { return 0 }
        return unsafe wsconform_mutate_plainly(base, size, limit)
    }
    return Array(room.prefix(count))
}

private func copy(_ octets: [UInt8], to data: UnsafeMutablePointer<UInt8>, limit: Int) -> Int {
    let count = min(octets.count, limit)
    for index in 0..<count { unsafe data[index] = octets[index] }
    return count
}
