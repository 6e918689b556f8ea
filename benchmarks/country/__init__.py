"""A seeded country of invented agencies (示例…) as large as the real one, and a store in which it was watched for years.

Its provinces have codes that GB/T 2260 has given to nobody. Everything follows from the seed.
"""
